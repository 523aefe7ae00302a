package io.tallystick.schemas.value;

import java.math.BigDecimal;

/** How a level moves through a window: the state of {@code time_weighted}. A level holds until the next reading or change, however many windows later. */
public sealed interface Levels extends WindowState permits LevelReadings, LevelChanges {

    @Override
    Levels merge(WindowState other);

    /** The level at the window's end, given the level at its start. */
    BigDecimal levelAfter(BigDecimal before);

    /**
     * The integral of the level over {@code [start, end)}, in units of the level times milliseconds; all events of the state must be inside.
     *
     * @param before the level at {@code start}
     */
    BigDecimal integral(BigDecimal before, long start, long end);

    /** Whether the level is other than 0 for any time in {@code [start, end)}, given the level at {@code start}. */
    boolean isLevelSeen(BigDecimal before, long start, long end);

    /** As little as gives the same {@link #levelAfter} as this: what windows after this one need of it. Merges like the whole. */
    Levels collapsed();
}

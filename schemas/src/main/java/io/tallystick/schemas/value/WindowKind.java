package io.tallystick.schemas.value;

/** The kinds of window state. */
public enum WindowKind {
    COUNT_SUM(CountSum.EMPTY),
    MIN_MAX(MinMax.EMPTY),
    LATEST(Latest.EMPTY),
    UNIQUE_VALUES(UniqueValues.EMPTY),
    EVENT_VALUES(EventValues.EMPTY),
    LEVEL_READINGS(LevelReadings.EMPTY),
    LEVEL_CHANGES(LevelChanges.EMPTY);

    @SuppressWarnings("ImmutableEnumChecker") // every state is immutable
    private final WindowState empty;

    WindowKind(WindowState empty) {
        this.empty = empty;
    }

    /** The window without events. */
    public WindowState empty() {
        return empty;
    }

    /** Whether an event can be taken back from the state alone; of the others the window is folded again without it. */
    public boolean givesBack() {
        return switch (this) {
            case COUNT_SUM, EVENT_VALUES -> true;
            case MIN_MAX, LATEST, UNIQUE_VALUES, LEVEL_READINGS, LEVEL_CHANGES -> false;
        };
    }

    /** Whether the state grows with the events in it, so that a full window goes on in a new part. */
    public boolean grows() {
        return switch (this) {
            case COUNT_SUM, MIN_MAX, LATEST -> false;
            case UNIQUE_VALUES, EVENT_VALUES, LEVEL_READINGS, LEVEL_CHANGES -> true;
        };
    }
}

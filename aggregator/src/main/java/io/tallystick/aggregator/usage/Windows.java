package io.tallystick.aggregator.usage;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.util.Map;

/** One tenant's windows of one meter: what usage queries are answered from. */
public interface Windows {

    /** Before every hour that usage can have. */
    long FIRST_HOUR = Integer.MIN_VALUE * 24L;

    /** Behind every hour that usage can have. */
    long LAST_HOUR = Integer.MAX_VALUE * 24L;

    /** Takes one part of one window. */
    @FunctionalInterface
    interface Visitor {
        void window(Dimensions dimensions, long hour, WindowState state);
    }

    /** Visits every part of every window with {@code fromHour <= hour < toHour}, day by day; its cost follows the range. */
    void visit(long fromHour, long toHour, Visitor visitor);

    /** For a {@code time_weighted} meter, what all windows before {@code hour} leave of the levels, per dimension combination. */
    Map<Dimensions, Levels> levelsBefore(long hour);
}

package io.tallystick.schemas.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The exact state of one meter in one window: mergeable, and enough to answer without reading the events again.
 * It depends on which events are in the window, never on the order they came in; equal windows are equal objects.
 */
public sealed interface WindowState permits CountSum, MinMax, Latest, UniqueValues, EventValues, Levels {

    WindowKind kind();

    /** How many events are in the window. */
    long count();

    /** The state of both windows together; both must be of the same kind and have no event in common. */
    WindowState merge(WindowState other);

    /** A window that starts from this state and can be added to. */
    Builder toBuilder();

    /** A window while events are added to it: cheap for one more event, however many are in it. Not thread-safe. */
    interface Builder {

        /**
         * Adds one event.
         *
         * @param value the number; null for {@code count}, and wherever {@code text} is given
         * @param text what {@code unique_count} counts
         * @param time of the event, milliseconds since the epoch
         * @param sequence of the event, in the tenant's order
         */
        void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence);

        /** Adds all events of another window of the same kind. */
        void merge(WindowState other);

        /** About how many bytes the state takes when written; depends on the state alone, so that it decides alike everywhere. */
        int bytes();

        WindowState state();
    }
}

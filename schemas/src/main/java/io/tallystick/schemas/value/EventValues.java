package io.tallystick.schemas.value;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of each event, in order of event time, then place in the log: the state of a meter that keeps every event's value. */
public record EventValues(List<EventValue> values) implements WindowState {

    public static final EventValues EMPTY = new EventValues(List.of());

    /**
     * One event's value; 1 where only events are counted.
     *
     * @param time of the event, milliseconds since the epoch
     * @param sequence of the event, in the tenant's order
     */
    public record EventValue(long time, long sequence, BigDecimal value) {

        public EventValue {
            value = DecimalText.stripped(value);
        }
    }

    private static final Comparator<EventValue> ORDER =
            Comparator.comparingLong(EventValue::time).thenComparingLong(EventValue::sequence);

    public EventValues {
        List<EventValue> ordered = new ArrayList<>(values);
        ordered.sort(ORDER);
        values = List.copyOf(ordered);
    }

    @Override
    public WindowKind kind() {
        return WindowKind.EVENT_VALUES;
    }

    @Override
    public long count() {
        return values.size();
    }

    @Override
    public WindowState merge(WindowState other) {
        Builder both = toBuilder();
        both.merge(other);
        return both.state();
    }

    /** Whether the event of this time and sequence is in it. */
    public boolean has(long time, long sequence) {
        return values.stream().anyMatch(value -> value.time == time && value.sequence == sequence);
    }

    /** As if that event had never come. */
    public EventValues without(long time, long sequence) {
        return new EventValues(values.stream()
                .filter(value -> value.time != time || value.sequence != sequence)
                .toList());
    }

    @Override
    public Builder toBuilder() {
        return new Keeper(this);
    }

    private static final class Keeper implements Builder {

        private final List<EventValue> values = new ArrayList<>();
        private int bytes;

        Keeper(EventValues start) {
            merge(start);
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            keep(new EventValue(time, sequence, value == null ? BigDecimal.ONE : value));
        }

        @Override
        public void merge(WindowState other) {
            ((EventValues) other).values.forEach(this::keep);
        }

        private void keep(EventValue value) {
            values.add(value);
            bytes += WindowBuilders.bytesOf(value.value);
        }

        @Override
        public int bytes() {
            return bytes;
        }

        @Override
        public WindowState state() {
            return new EventValues(values);
        }
    }
}

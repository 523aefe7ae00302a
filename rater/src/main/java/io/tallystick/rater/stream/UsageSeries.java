package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one dimension combination. What changes is nearly always the newest, so of sums the others are added up
 * once: a month of hours costs no more than a day.
 */
final class UsageSeries {

    private final TreeMap<Slot, WindowState> states = new TreeMap<>();
    private @Nullable Earlier earlier;

    /** An hour and the part of its window. */
    private record Slot(long hour, int part) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int order = Long.compare(hour, other.hour);
            return order != 0 ? order : Integer.compare(part, other.part);
        }
    }

    /** What a range has in front of its newest window. */
    private record Earlier(Period range, Slot newest, WindowState sum) {}

    /** The number of windows that this adds: 0 where it replaces one, less where none of its events is left. */
    int put(WindowTotal total) {
        Slot slot = new Slot(total.hour(), total.part());
        boolean isLeft = total.state().count() > 0;
        if (earlier != null && !(isLeft && slot.equals(earlier.newest))) {
            earlier = null;
        }
        if (!isLeft) {
            return states.remove(slot) == null ? 0 : -1;
        }
        return states.put(slot, total.state()) == null ? 1 : 0;
    }

    RangeUsage usage(Meter meter, Period range) {
        RangeUsage.Folding folding = RangeUsage.of(meter, range);
        Earlier known = earlier;
        if (known != null && known.range.equals(range)) {
            return folding.inside(known.sum)
                    .inside(Objects.requireNonNull(states.get(known.newest)))
                    .usage();
        }
        Slot start = new Slot(HourWindow.hourOf(range.start()), 0);
        Slot end = new Slot(HourWindow.hourOf(range.end()), 0);
        NavigableMap<Slot, WindowState> inside = states.subMap(start, true, end, false);
        if (meter.windowKind() == WindowKind.COUNT_SUM && inside.size() > 1) {
            earlier = earlier(inside, range);
        }
        if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            states.headMap(start).values().forEach(folding::before);
        }
        inside.values().forEach(folding::inside);
        return folding.usage();
    }

    private static Earlier earlier(NavigableMap<Slot, WindowState> inside, Period range) {
        Slot newest = inside.lastKey();
        WindowState.Builder sum = inside.firstEntry().getValue().toBuilder();
        inside.headMap(newest, false).values().stream().skip(1).forEach(sum::merge);
        return new Earlier(range, newest, sum.state());
    }
}

package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The windows of one dimension combination. What changes is nearly always the newest, so of sums the others are added up
 * once: a month of hours costs no more than a day.
 */
final class UsageSeries {

    private static final int RANGES_MAX = 40; // every day of a month, and the month

    private final TreeMap<Slot, WindowState> states = new TreeMap<>();
    private final List<Earlier> earlier = new ArrayList<>(1);

    /** An hour and the part of its window. */
    private record Slot(long hour, int part) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int order = Long.compare(hour, other.hour);
            return order != 0 ? order : Integer.compare(part, other.part);
        }
    }

    /** What a range has in front of its newest window. */
    private record Earlier(Period range, Slot newest, WindowState sum) {

        boolean isTouched(Slot slot, boolean isLeft) {
            return holds(range, slot.hour) && !(isLeft && slot.equals(newest));
        }
    }

    static boolean holds(Period range, long hour) {
        return HourWindow.hourOf(range.start()) <= hour && hour < HourWindow.hourOf(range.end());
    }

    /** The number of windows that this adds: 0 where it replaces one, less where none of its events is left. */
    int put(WindowTotal total) {
        Slot slot = new Slot(total.hour(), total.part());
        boolean isLeft = total.state().count() > 0;
        earlier.removeIf(one -> one.isTouched(slot, isLeft));
        if (!isLeft) {
            return states.remove(slot) == null ? 0 : -1;
        }
        return states.put(slot, total.state()) == null ? 1 : 0;
    }

    RangeUsage usage(Meter meter, Period range) {
        RangeUsage.Folding folding = RangeUsage.of(meter, range);
        Slot start = new Slot(HourWindow.hourOf(range.start()), 0);
        Slot end = new Slot(HourWindow.hourOf(range.end()), 0);
        if (meter.windowKind() == WindowKind.COUNT_SUM) {
            Slot newest = states.lowerKey(end);
            if (newest != null && newest.compareTo(start) >= 0) {
                folding.inside(earlier(range, start, newest)).inside(Objects.requireNonNull(states.get(newest)));
            }
            return folding.usage();
        }
        if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            states.headMap(start).values().forEach(folding::before);
        }
        states.subMap(start, end).values().forEach(folding::inside);
        return folding.usage();
    }

    private WindowState earlier(Period range, Slot start, Slot newest) {
        for (Earlier one : earlier) {
            if (one.range.equals(range)) {
                return one.sum;
            }
        }
        WindowState.Builder sum = WindowKind.COUNT_SUM.empty().toBuilder();
        states.subMap(start, newest).values().forEach(sum::merge);
        Earlier found = new Earlier(range, newest, sum.state());
        if (earlier.size() == RANGES_MAX) {
            earlier.remove(0);
        }
        earlier.add(found);
        return found.sum;
    }
}

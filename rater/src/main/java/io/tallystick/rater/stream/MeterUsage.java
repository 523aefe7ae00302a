package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The windows of one tenant and meter. The usage of a range is remembered, and of what changed since then only the dimension combinations
 * that did are folded anew.
 */
final class MeterUsage {

    private static final int SUMMED_RANGES_MAX = 40; // every day of a month, and the month
    /** Of meters whose usage of a range may take memory for each of its events. */
    private static final int RANGES_MAX = 8;

    private final TreeMap<Dimensions, UsageSeries> series = new TreeMap<>();
    /** A few, so that a list is looked through faster than a map. */
    private final List<Known> known = new ArrayList<>(1);

    /** The usage of a range, but for those combinations that have changed since. */
    private record Known(Meter meter, Period range, SortedMap<Dimensions, RangeUsage> usage, Set<Dimensions> changed) {

        /** A level holds on behind its hour. */
        boolean isTouched(long hour) {
            return meter.aggregation() == Aggregation.TIME_WEIGHTED || UsageSeries.holds(range, hour);
        }
    }

    /** The number of windows that this adds, which may be negative. */
    int put(WindowTotal total) {
        Dimensions dimensions = total.dimensions();
        int added =
                series.computeIfAbsent(dimensions, values -> new UsageSeries()).put(total);
        for (Known one : known) {
            if (one.isTouched(total.hour())) {
                one.changed.add(dimensions);
            }
        }
        return added;
    }

    /** The usage of each dimension combination that has any in {@code range}; as it is now, so not to be kept. */
    SortedMap<Dimensions, RangeUsage> usage(Meter meter, Period range) {
        Known found = known(meter, range);
        for (Dimensions dimensions : found.changed) {
            RangeUsage usage = Objects.requireNonNull(series.get(dimensions)).usage(meter, range);
            if (usage.isUsed()) {
                found.usage.put(dimensions, usage);
            } else {
                found.usage.remove(dimensions);
            }
        }
        found.changed.clear();
        return Collections.unmodifiableSortedMap(found.usage);
    }

    private Known known(Meter meter, Period range) {
        for (Known one : known) {
            if (one.range.equals(range) && Objects.equals(one.meter, meter)) {
                return one;
            }
        }
        if (known.size() >= (meter.windowKind() == WindowKind.COUNT_SUM ? SUMMED_RANGES_MAX : RANGES_MAX)) {
            known.remove(0);
        }
        Known none = new Known(meter, range, new TreeMap<>(), new HashSet<>(series.keySet()));
        known.add(none);
        return none;
    }
}

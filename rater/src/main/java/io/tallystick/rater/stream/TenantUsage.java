package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One tenant's windows on the heap, from the oldest open period on: derived from the {@link WindowStore} and disposable. The usage
 * of a dimension combination over a range is folded once and remembered until one of its windows changes.
 */
final class TenantUsage {

    private final long fromHour;
    private final Map<String, TreeMap<Dimensions, Series>> byMeter = new HashMap<>();
    private int windows;

    /** @param fromHour windows before it are missing, save those of levels */
    TenantUsage(long fromHour) {
        this.fromHour = fromHour;
    }

    /** Whether the windows of every period from {@code hour} on are here. */
    boolean reachesBackTo(long hour) {
        return fromHour <= hour;
    }

    /** How many windows are held: the measure of memory. */
    int windows() {
        return windows;
    }

    void put(WindowTotal total) {
        Series series = byMeter.computeIfAbsent(total.meter(), name -> new TreeMap<>())
                .computeIfAbsent(total.dimensions(), values -> new Series());
        windows += series.put(total);
    }

    /** The usage of each dimension combination that has any in {@code range}. */
    SortedMap<Dimensions, RangeUsage> usage(Meter meter, Period range) {
        SortedMap<Dimensions, RangeUsage> found = new TreeMap<>();
        byMeter.getOrDefault(meter.meter(), new TreeMap<>()).forEach((dimensions, series) -> {
            RangeUsage usage = series.usage(meter, range);
            if (usage.isUsed()) {
                found.put(dimensions, usage);
            }
        });
        return found;
    }

    /** As rating asks for it; nothing of a meter that the catalogue does not have. */
    UsageSource source(Catalog catalog) {
        return (meter, range) -> {
            Meter definition = catalog.meters().get(meter);
            return definition == null ? Collections.emptySortedMap() : usage(definition, range);
        };
    }

    /** An hour and the part of its window. */
    private record Slot(long hour, int part) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int order = Long.compare(hour, other.hour);
            return order != 0 ? order : Integer.compare(part, other.part);
        }
    }

    private record Folded(Period range, RangeUsage usage) {}

    /** The windows of one dimension combination. */
    private static final class Series {

        private final TreeMap<Slot, WindowState> states = new TreeMap<>();
        /** By range; a few, so that a list is looked through faster than a map. */
        private final List<Folded> folded = new ArrayList<>(1);

        /** The number of windows that this adds: 0 where it replaces one, less where none of its events is left. */
        int put(WindowTotal total) {
            folded.clear();
            if (total.state().count() == 0) {
                return states.remove(new Slot(total.hour(), total.part())) == null ? 0 : -1;
            }
            return states.put(new Slot(total.hour(), total.part()), total.state()) == null ? 1 : 0;
        }

        RangeUsage usage(Meter meter, Period range) {
            for (Folded one : folded) {
                if (one.range.equals(range)) {
                    return one.usage;
                }
            }
            RangeUsage usage = fold(meter, range);
            folded.add(new Folded(range, usage));
            return usage;
        }

        private RangeUsage fold(Meter meter, Period range) {
            Slot start = new Slot(HourWindow.hourOf(range.start()), 0);
            Slot end = new Slot(HourWindow.hourOf(range.end()), 0);
            RangeUsage.Folding folding = RangeUsage.of(meter, range);
            if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
                states.headMap(start).values().forEach(folding::before);
            }
            states.subMap(start, end).values().forEach(folding::inside);
            return folding.usage();
        }
    }
}

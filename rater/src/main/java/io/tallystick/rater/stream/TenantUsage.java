package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/** One tenant's windows on the heap, from the oldest open period on: derived from the {@link WindowStore} and disposable. */
final class TenantUsage {

    private final long fromHour;
    private final Map<String, MeterUsage> byMeter = new HashMap<>();
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
        windows +=
                byMeter.computeIfAbsent(total.meter(), name -> new MeterUsage()).put(total);
    }

    /** The usage of each dimension combination that has any in {@code range}; as it is now, so not to be kept. */
    SortedMap<Dimensions, RangeUsage> usage(Meter meter, Period range) {
        MeterUsage found = byMeter.get(meter.meter());
        return found == null ? Collections.emptySortedMap() : found.usage(meter, range);
    }

    /** As rating asks for it; nothing of a meter that the catalogue does not have. */
    UsageSource source(Catalog catalog) {
        return (meter, range) -> {
            Meter definition = catalog.meters().get(meter);
            return definition == null ? Collections.emptySortedMap() : usage(definition, range);
        };
    }
}

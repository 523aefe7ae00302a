package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Usage kept as plain events in the order they came in, put into windows anew at every question. */
final class TestingUsage implements UsageSource {

    record Event(String meter, Instant time, Dimensions dimensions, BigDecimal value) {}

    private final Catalog catalog;
    private final List<Event> events = new ArrayList<>();

    TestingUsage(Catalog catalog) {
        this.catalog = catalog;
    }

    TestingUsage with(String meter, String time, Dimensions dimensions, String value) {
        return with(new Event(meter, Instant.parse(time), dimensions, new BigDecimal(value)));
    }

    TestingUsage with(String meter, String time, String value) {
        return with(meter, time, Dimensions.NONE, value);
    }

    TestingUsage with(Event event) {
        events.add(event);
        return this;
    }

    List<Event> events() {
        return events;
    }

    @Override
    public SortedMap<Dimensions, RangeUsage> usage(String name, Period range) {
        Meter meter = catalog.meters().get(name);
        SortedMap<Dimensions, RangeUsage.Folding> foldings = new TreeMap<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (event.meter().equals(name) && event.time().isBefore(range.end())) {
                RangeUsage.Folding folding =
                        foldings.computeIfAbsent(event.dimensions(), any -> RangeUsage.of(meter, range));
                WindowState window = window(meter, event, i);
                if (event.time().isBefore(range.start())) {
                    folding.before(window);
                } else {
                    folding.inside(window);
                }
            }
        }
        SortedMap<Dimensions, RangeUsage> usage = new TreeMap<>();
        foldings.forEach((dimensions, folding) -> {
            RangeUsage combination = folding.usage();
            if (combination.isUsed()) {
                usage.put(dimensions, combination);
            }
        });
        return usage;
    }

    private static WindowState window(Meter meter, Event event, int sequence) {
        WindowState.Builder window = meter.windowKind().empty().toBuilder();
        boolean text = meter.aggregation() == Aggregation.UNIQUE_COUNT;
        window.add(
                text ? null : event.value(),
                text ? event.value().toPlainString() : null,
                event.time().toEpochMilli(),
                sequence);
        return window.state();
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Usage kept as plain events in the order of their times, aggregated anew at every question. */
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
        int at = events.size();
        while (at > 0 && events.get(at - 1).time().isAfter(event.time())) {
            at--;
        }
        events.add(at, event);
        return this;
    }

    List<Event> events() {
        return events;
    }

    @Override
    public SortedMap<Dimensions, MeterAggregate> usage(String meter, Period range) {
        Aggregation aggregation = catalog.meters().get(meter).aggregation();
        boolean keepsLevel = aggregation == Aggregation.TIME_WEIGHTED;
        SortedMap<Dimensions, MeterAggregate> usage = new TreeMap<>();
        for (Event event : events) {
            boolean before = keepsLevel && event.time().isBefore(range.start());
            if (event.meter().equals(meter) && (before || range.contains(event.time()))) {
                usage.merge(event.dimensions(), new Events(aggregation, List.of(event)), MeterAggregate::merge);
            }
        }
        return usage;
    }

    private record Events(Aggregation aggregation, List<Event> legs) implements MeterAggregate {

        @Override
        public MeterAggregate merge(MeterAggregate other) {
            TestingUsage merged = new TestingUsage(Catalog.empty(Catalog.Settings.DEFAULT));
            legs.forEach(merged::with);
            ((Events) other).legs.forEach(merged::with);
            return new Events(aggregation, merged.events());
        }

        @Override
        public Fraction quantity(Period range, Period whole) {
            List<BigDecimal> values = events();
            return switch (aggregation) {
                case COUNT -> Fraction.of(values.size());
                case SUM -> sum(values);
                case AVG -> sum(values).dividedBy(Fraction.of(values.size()));
                case MIN -> Fraction.of(values.stream().reduce(BigDecimal::min).orElseThrow());
                case MAX -> Fraction.of(values.stream().reduce(BigDecimal::max).orElseThrow());
                case LATEST -> Fraction.of(values.get(values.size() - 1));
                case UNIQUE_COUNT ->
                    Fraction.of(values.stream()
                            .map(BigDecimal::toPlainString)
                            .distinct()
                            .count());
                case TIME_WEIGHTED -> integral(range).dividedBy(Fraction.of(millis(whole.length())));
            };
        }

        @Override
        public long eventCount() {
            return legs.size();
        }

        @Override
        public List<BigDecimal> events() {
            return legs.stream().map(Event::value).toList();
        }

        private static Fraction sum(List<BigDecimal> values) {
            return Fraction.of(values.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        }

        /** Level times milliseconds, for each dimension combination by itself. */
        private Fraction integral(Period range) {
            Fraction total = Fraction.ZERO;
            Set<Dimensions> combinations = new HashSet<>();
            legs.forEach(event -> combinations.add(event.dimensions()));
            for (Dimensions combination : combinations) {
                Instant from = range.start();
                BigDecimal level = BigDecimal.ZERO;
                for (Event event : legs) {
                    if (event.dimensions().equals(combination)) {
                        Instant time = event.time().isBefore(range.start()) ? range.start() : event.time();
                        total = total.plus(Fraction.of(level).times(Fraction.of(millis(Duration.between(from, time)))));
                        from = time;
                        level = event.value();
                    }
                }
                total = total.plus(Fraction.of(level).times(Fraction.of(millis(Duration.between(from, range.end())))));
            }
            return total;
        }

        private static long millis(Duration duration) {
            return duration.toMillis();
        }
    }
}

package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Charges are at every instant what a close at that instant gives, whatever came before it, in whatever order. */
class OpenChargesPropertyTest {

    private static final String CATALOG = """
            meters:
              - {meter: tokens, eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model}}
              - {meter: peak, eventType: chat, aggregation: max, value: $.n}
              - {meter: storage, eventType: disk, aggregation: time_weighted, value: $.n}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    commitment: {amount: "60.00"}
                    charges:
                      - {charge: fee, model: flat, amount: "10.00", timing: in_advance, prorate: true}
                      - charge: tokens
                        model: graduated
                        meter: tokens
                        groupBy: [model]
                        included: "20"
                        tiers: [{upTo: "100", unitPrice: "0.333"}, {upTo: null, unitPrice: "0.1", flat: "1"}]
                      - {charge: peak, model: unit, meter: peak, unitPrice: "0.07"}
                      - {charge: storage, model: unit, meter: storage, unitPrice: "1.5"}
              - version: v2
                effectiveFrom: "2026-04-11T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: fee, model: flat, amount: "10.00", timing: in_advance, prorate: true}
                      - {charge: tokens, model: unit, meter: tokens, unitPrice: "0.211"}
                      - {charge: peak, model: unit, meter: peak, unitPrice: "0.07"}
                      - {charge: storage, model: unit, meter: storage, unitPrice: "1.5"}
            subscriptions:
              - {tenant: acme, subscription: main, plan: growth, start: "2026-04-01T00:00:00Z", shadow: [v1]}
              - tenant: acme
                subscription: pinned
                plan: growth
                start: "2026-04-05T00:00:00Z"
                period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}
                pricingVersion: v1
            """;

    private static final Instant START = Instant.parse("2026-03-25T00:00:00Z");
    private static final int HOURS = 40 * 24;
    private static final int EVENTS = 60;

    private record Event(String meter, Instant time, BigDecimal value, String model) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void chargesAreWhatACloseAtThisInstantGives(long seed) {
        try (TestingRater rater = TestingRater.with(CATALOG)) {
            Random random = new Random(seed);
            for (int i = 0; i < EVENTS; i++) {
                use(rater, event(random));
                expectRatedAnew(rater, "main", APRIL);
                expectRatedAnew(rater, "pinned", APRIL);
            }
            List<LineItem> open = rater.lines("main", APRIL);
            rater.emitted.clear();

            TestingRater.AtMarker closed = rater.close("acme", "main", APRIL);

            assertThat(RecordKeys.elementsOf(rater.emitted.get(0).key))
                    .as("nothing has to be emitted in front of the marker")
                    .contains("#closed");
            assertThat(closed.items()).isEqualTo(open).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void theOrderOfArrivalDoesNotMatter(long seed) {
        List<Event> events = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < EVENTS; i++) {
            events.add(event(random));
        }
        // Of one instant the later record counts, so each instant has one event only.
        List<Event> distinct = List.copyOf(events.stream()
                .collect(Collectors.toMap(event -> event.meter() + event.time(), event -> event, (one, other) -> one))
                .values());
        List<Event> shuffled = new ArrayList<>(distinct);
        Collections.shuffle(shuffled, random);

        assertThat(linesAtClose(shuffled)).isEqualTo(linesAtClose(distinct)).isNotEmpty();
    }

    private static List<LineItem> linesAtClose(List<Event> events) {
        try (TestingRater rater = TestingRater.with(CATALOG)) {
            events.forEach(event -> use(rater, event));
            return rater.close("acme", "main", APRIL).items();
        }
    }

    /** A rating of the same totals from nothing, without stores and caches, gives the same lines. */
    private static void expectRatedAnew(TestingRater rater, String subscription, Period period) {
        List<LineItem> lines = PeriodRating.rate(
                        rater.catalog(),
                        rater.catalog().subscriptions().get(subscription),
                        period,
                        (meter, range) -> usage(rater, meter, range))
                .lines();
        assertThat(rater.lines(subscription, period)).isEqualTo(lines);
    }

    private static SortedMap<Dimensions, RangeUsage> usage(TestingRater rater, String name, Period range) {
        Meter meter = rater.catalog().meters().get(name);
        SortedMap<Dimensions, RangeUsage.Folding> foldings = new TreeMap<>();
        for (WindowTotal total : rater.windowsOf("acme")) {
            Instant start = HourWindow.startOf(total.hour());
            if (total.meter().equals(name) && start.isBefore(range.end())) {
                RangeUsage.Folding folding =
                        foldings.computeIfAbsent(total.dimensions(), any -> RangeUsage.of(meter, range));
                if (start.isBefore(range.start())) {
                    folding.before(total.state());
                } else {
                    folding.inside(total.state());
                }
            }
        }
        SortedMap<Dimensions, RangeUsage> used = new TreeMap<>();
        foldings.forEach((dimensions, folding) -> {
            RangeUsage usage = folding.usage();
            if (usage.isUsed()) {
                used.put(dimensions, usage);
            }
        });
        return used;
    }

    private static Event event(Random random) {
        String meter = List.of("tokens", "peak", "storage").get(random.nextInt(3));
        return new Event(
                meter,
                START.plusSeconds(3600L * random.nextInt(HOURS) + random.nextInt(3600)),
                BigDecimal.valueOf(random.nextInt(9000) - 500L, 2),
                meter.equals("tokens") ? List.of("x", "y", "z").get(random.nextInt(3)) : "");
    }

    private static void use(TestingRater rater, Event event) {
        String[] dimensions = event.model().isEmpty() ? new String[0] : new String[] {"model", event.model()};
        rater.use("acme", event.meter(), event.time(), event.value(), dimensions);
    }
}

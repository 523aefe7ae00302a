package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.METERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Control;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Months of usage in any order, voids, levels and closes, drawn from a seed. However it comes: open charges are what a close at
 * this instant bills, and all bills together are one clean rating of all usage.
 */
class BillingSimulationTest {

    private static final String PLANS = """
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: everything
                    commitment: {amount: "40.00"}
                    charges:
                      - {charge: base, model: flat, amount: "10.01", timing: in_advance, prorate: true}
                      - charge: tiers
                        model: graduated
                        meter: units
                        tiers: [{upTo: "100", unitPrice: "0.333"}, {upTo: null, unitPrice: "0.1", flat: "3"}]
                      - charge: rows
                        model: unit
                        meter: units
                        included: "7"
                        minimum: "1.50"
                        groupBy: [model]
                        matrix: [{where: {model: [a]}, unitPrice: "0.017"}, {unitPrice: "0.02", minimum: null}]
                      - {charge: disk, model: volume, meter: storage, tiers: [{upTo: "5", unitPrice: "1"}, {upTo: null, unitPrice: "0.7"}]}
              - version: v2
                effectiveFrom: "2026-05-08T00:00:00Z"
                currency: USD
                plans:
                  - plan: everything
                    transition: {cap: {from: v1, percent: "12.5", days: 30}, credit: {amount: "3.00", days: 20}}
                    charges:
                      - {charge: base, model: flat, amount: "10.01", timing: in_advance, prorate: true}
                      - {charge: tiers, model: package, meter: units, size: "10", price: "1.10"}
                      - {charge: disk, model: unit, meter: storage, unitPrice: "0.9"}
            subscriptions:
              - {tenant: acme, subscription: monthly, plan: everything, start: "2026-04-10T00:00:00Z", shadow: [v1],
                 period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: Europe/Berlin}}
              - {tenant: acme, subscription: weekly, plan: everything, start: "2026-04-01T00:00:00Z", lateUsage: credit_note,
                 period: {every: P1W, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: globex, subscription: daily, plan: everything, start: "2026-05-01T00:00:00Z", end: "2026-06-20T07:00:00Z",
                 period: {every: P1D, anchor: "2026-04-01T05:00:00Z", timezone: America/New_York}}
            """;

    private static final Instant START = Instant.parse("2026-03-25T00:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void allBillsTogetherAreOneCleanRating(long seed) {
        Random random = new Random(seed);
        try (TestingRater rater = TestingRater.with(METERS, PLANS)) {
            Map<String, Period> next = new HashMap<>();
            Map<String, BigDecimal> billed = new HashMap<>();
            Instant now = START;
            for (int step = 0; step < 250; step++) {
                now = now.plus(Duration.ofMinutes(random.nextInt(900)));
                rater.at(now.toString());
                if (random.nextInt(6) > 0) {
                    use(rater, random, now);
                } else {
                    List<Subscription> all =
                            List.copyOf(rater.catalog().subscriptions().values());
                    Subscription chosen = all.get(random.nextInt(all.size()));
                    closeNext(rater, chosen, next, billed, seed, step);
                }
            }
            assertThat(billed).as("seed %d", seed).isNotEmpty();
            aRebuildFromFewerTotalsGivesTheSame(rater, seed);
        }
    }

    /** A reader that comes later, behind compaction or larger commits, sees only the last total of each window in front of a control. */
    private static void aRebuildFromFewerTotalsGivesTheSame(TestingRater rater, long seed) {
        try (TestingRater rebuilt = new TestingRater()) {
            rebuilt.catalogs.addAll(rater.catalogs);
            Map<String, TestingRater.Sent> last = new LinkedHashMap<>();
            for (TestingRater.Sent sent : rater.sent) {
                if (sent.record() instanceof Control) {
                    last.values().forEach(total -> rebuilt.send(total.record(), total.timestamp()));
                    last.clear();
                    rebuilt.send(sent.record(), sent.timestamp());
                } else {
                    last.put(RecordKeys.of(sent.record()), sent);
                }
            }
            last.values().forEach(total -> rebuilt.send(total.record(), total.timestamp()));

            assertThat(rebuilt.markers).as("seed %d: rebuilt", seed).isEqualTo(rater.markers);
            assertThat(rebuilt.standing.keySet()).isEqualTo(rater.standing.keySet());
        }
    }

    private static void use(TestingRater rater, Random random, Instant now) {
        // Mostly about now, sometimes weeks ago.
        Duration ago = Duration.ofMinutes(random.nextInt(4) == 0 ? random.nextInt(60_000) : random.nextInt(600));
        String tenant = random.nextBoolean() ? "acme" : "globex";
        BigDecimal value = BigDecimal.valueOf(random.nextInt(40_000) - 8_000, 3);
        if (random.nextInt(4) == 0) {
            rater.use(tenant, "storage", now.minus(ago), value.abs());
        } else {
            rater.use(tenant, "units", now.minus(ago), value, "model", random.nextBoolean() ? "a" : "b");
        }
    }

    private static void closeNext(
            TestingRater rater,
            Subscription subscription,
            Map<String, Period> next,
            Map<String, BigDecimal> billed,
            long seed,
            int step) {
        String name = subscription.subscription();
        BillingPeriods periods = BillingPeriods.of(subscription);
        Period period = next.getOrDefault(name, periods.first());
        if (periods.partOf(period).isEmpty()) {
            return;
        }
        List<LineItem> open = rater.lines(name, period);
        TestingRater.AtMarker closed = rater.close(subscription.tenant(), name, period);
        assertThat(closed.items())
                .as("seed %d, step %d: charges are what the close of %s bills", seed, step, period)
                .isEqualTo(open);

        BigDecimal sum = billed.merge(name, closed.total(), BigDecimal::add);
        BigDecimal expected = BigDecimal.ZERO;
        for (Period each = periods.first(); !each.start().isAfter(period.start()); each = periods.next(each)) {
            expected = expected.add(rater.clean(name, each).total());
        }
        assertThat(sum)
                .as("seed %d, step %d: all bills of %s", seed, step, name)
                .isEqualByComparingTo(expected);
        next.put(name, periods.next(period));
    }
}

package io.tallystick.aggregator.stream;

import static io.tallystick.aggregator.stream.TestingAggregator.dimensions;
import static io.tallystick.aggregator.stream.TestingAggregator.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DimensionsOverflowTest {

    private static final Instant NOON = Instant.parse("2026-04-15T12:00:00Z");
    private static final Dimensions OVERFLOW = dimensions(AggregatorLimits.OVERFLOW, AggregatorLimits.OVERFLOW);

    @Test
    void combinationsPastTheLimitAreAddedUpUnderOneValueAndAlertedOnce() {
        try (TestingAggregator aggregator = limitedTo(3)) {
            for (String model : List.of("a", "b", "c", "d", "e", "a", "d")) {
                aggregator.event("acme", NOON, number("sum", "1", model, "eu"));
            }

            assertThat(sums(aggregator.read()))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            dimensions("a", "eu"), 2, dimensions("b", "eu"), 1, dimensions("c", "eu"), 1, OVERFLOW, 3));
            List<Alert> alerts = aggregator.readAlerts();
            assertThat(alerts).hasSize(1);
            assertThat(alerts.get(0).kind()).isEqualTo(Alert.Kind.DIMENSIONS_OVERFLOW);
            assertThat(alerts.get(0).meter()).isEqualTo("sum");
            assertThat(alerts.get(0).period().start()).isEqualTo(NOON);
            assertThat(alerts.get(0).before()).isEqualByComparingTo("3");
        }
    }

    @Test
    void theLimitIsOfOneTenantMeterAndHourAndSurvivesARestart() {
        try (TestingAggregator aggregator = limitedTo(1)) {
            aggregator.event("acme", NOON, number("sum", "1", "a", "eu"), number("max", "1", "a", "eu"));
            aggregator.event("acme", NOON.plusSeconds(3600), number("sum", "1", "b", "eu"));
            aggregator.event("beta", NOON, number("sum", "1", "b", "eu"));
            assertThat(aggregator.readAlerts()).isEmpty();

            aggregator.restart();
            aggregator.event("acme", NOON, number("sum", "1", "b", "eu"), number("max", "1", "a", "eu"));
            aggregator.restart();
            aggregator.event("acme", NOON, number("sum", "1", "c", "eu"));

            assertThat(sums(aggregator.read())).isEqualTo(Map.of(OVERFLOW, 2));
        }
    }

    @Test
    void whatHappensIsCounted() {
        try (TestingAggregator aggregator = limitedTo(1)) {
            aggregator.event("acme", NOON, number("sum", "1", "a", "eu"), number("max", "1", "a", "eu"));
            aggregator.event("acme", NOON, number("sum", "1", "b", "eu"));
            aggregator.event("acme", NOON, number("sum", "1", "c", "eu"));

            assertThat(aggregator.counts.readings()).isEqualTo(4);
            assertThat(aggregator.counts.totals()).isEqualTo(aggregator.read().size());
            assertThat(aggregator.counts.overflows()).isEqualTo(1);
            assertThat(aggregator.counts.heldTenants()).isEqualTo(2); // "" stands for the whole partition
            assertThat(aggregator.counts.heldBytes()).isPositive();
        }
    }

    @Test
    void metersWithoutDimensionsAndLevelsHaveNoLimit() {
        try (TestingAggregator aggregator = limitedTo(1)) {
            aggregator.event("acme", NOON, number("level", "1", "a", "eu"), number("sum", "1"));
            aggregator.event("acme", NOON, number("level", "2", "b", "eu"), number("sum", "1"));

            assertThat(aggregator.readAlerts()).isEmpty();
            assertThat(aggregator.read())
                    .map(total -> ((WindowTotal) total).dimensions())
                    .doesNotContain(OVERFLOW);
        }
    }

    private static TestingAggregator limitedTo(int dimensionsPerHourMax) {
        TestingAggregator aggregator = new TestingAggregator(
                new AggregatorLimits(AggregatorLimits.DEFAULT.heapBytesPerTask(), dimensionsPerHourMax));
        aggregator.revision(1);
        aggregator.read();
        return aggregator;
    }

    /** The last sum of each combination, as a whole number. */
    private static Map<Dimensions, Integer> sums(List<TotalRecord> records) {
        Map<Dimensions, Integer> sums = new TreeMap<>();
        for (TotalRecord record : records) {
            WindowTotal total = (WindowTotal) record;
            if (total.state() instanceof CountSum countSum) {
                BigDecimal sum = countSum.sum();
                sums.put(total.dimensions(), sum.intValueExact());
            }
        }
        return sums;
    }
}

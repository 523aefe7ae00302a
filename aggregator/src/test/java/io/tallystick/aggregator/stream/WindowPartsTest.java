package io.tallystick.aggregator.stream;

import static io.tallystick.aggregator.stream.TestingAggregator.number;
import static io.tallystick.aggregator.stream.TestingAggregator.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.UniqueValues;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowPartsTest {

    private static final Instant NOON = Instant.parse("2026-04-15T12:00:00Z");
    private static final Period DAY =
            new Period(Instant.parse("2026-04-15T00:00:00Z"), Instant.parse("2026-04-16T00:00:00Z"));
    private static final int EVENTS = 3000;

    @ParameterizedTest
    @ValueSource(strings = {"each", "unique_count", "level", "delta"})
    void aWindowThatOutgrowsARecordGoesOnInPartsThatTogetherHoldEveryEventOnce(String meter) {
        Random random = new Random(meter.hashCode());
        WindowKind kind = TestingMeters.meter(meter).windowKind();
        WindowState.Builder whole = kind.empty().toBuilder();
        Map<String, WindowTotal> emitted = new TreeMap<>();
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            for (int i = 1; i <= EVENTS; i++) {
                Instant time = NOON.plusMillis(random.nextInt(3_600_000));
                Reading reading = reading(meter, random);
                whole.add(reading.value(), reading.text(), time.toEpochMilli(), i);
                aggregator.event("acme", time, reading);
                remember(aggregator.readWithKeys(), emitted);
                if (i % 1000 == 0) {
                    aggregator.restart();
                }
            }
            aggregator.send(new PeriodClosed("acme", 0, EVENTS + 1, 1, "main", DAY, 1, null, null), NOON);
            PeriodClosed closed = (PeriodClosed) aggregator.read().get(0);

            assertThat(emitted.values()).hasSizeGreaterThan(3);
            assertThat(emitted.values().stream().map(total -> TopicCodecs.TOTALS.encode(total).length))
                    .allMatch(bytes -> bytes < 2 * OpenWindow.PART_BYTES);
            WindowState together =
                    emitted.values().stream().map(WindowTotal::state).reduce(kind.empty(), WindowState::merge);
            assertThat(together.equals(whole.state())).as("emitted").isTrue(); // too long to print
            WindowState.Builder stored = kind.empty().toBuilder();
            aggregator
                    .usage("acme", meter)
                    .visit(
                            HourWindow.hourOf(DAY.start()),
                            HourWindow.hourOf(DAY.end()),
                            (dimensions, hour, state) -> stored.merge(state));
            assertThat(stored.state().equals(whole.state())).as("stored").isTrue();
            TotalsCoverage covered = new TotalsCoverage();
            emitted.values()
                    .forEach(total ->
                            covered.add(total.meter(), total.dimensions(), total.hour(), total.part(), total.state()));
            assertThat(closed.coverage()).isEqualTo(covered.coverage());
        }
    }

    @Test
    void aTextThatAFullPartHoldsIsNotKeptAgain() {
        List<WindowTotal> totals = new ArrayList<>();
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            for (int round = 0; round < 3; round++) {
                for (int user = 0; user < 400; user++) {
                    aggregator.event("acme", NOON, text("unique_count", "a-user-with-a-long-name-" + user));
                }
                aggregator.restart();
            }
            aggregator
                    .usage("acme", "unique_count")
                    .visit(
                            HourWindow.hourOf(NOON),
                            HourWindow.hourOf(NOON) + 1,
                            (dimensions, hour, state) -> totals.add(
                                    new WindowTotal("acme", 0, "unique_count", dimensions, hour, 0, 0, state)));
        }
        assertThat(totals.stream()
                        .mapToInt(
                                total -> ((UniqueValues) total.state()).texts().size())
                        .sum())
                .isEqualTo(400);
        assertThat(totals.stream().mapToLong(total -> total.state().count()).sum())
                .isEqualTo(1200);
    }

    @Test
    void partsAreCutByTheEventsAloneAndNotByCommitsOrRestarts() {
        assertThat(partsWith(AggregatorLimits.DEFAULT.heapBytesPerTask(), EVENTS + 1))
                .isEqualTo(partsWith(1, 97))
                .isNotEmpty();
    }

    private static Map<String, TotalRecord> partsWith(long heapBytes, int restartEvery) {
        Random random = new Random(11);
        Map<String, WindowTotal> emitted = new TreeMap<>();
        try (TestingAggregator aggregator = new TestingAggregator(new AggregatorLimits(heapBytes, 10))) {
            aggregator.revision(1);
            for (int i = 1; i <= EVENTS; i++) {
                aggregator.event("acme", NOON.plusMillis(random.nextInt(7_200_000)), reading("each", random));
                if (i % restartEvery == 0) {
                    remember(aggregator.readWithKeys(), emitted);
                    aggregator.restart();
                }
            }
            remember(aggregator.readWithKeys(), emitted);
        }
        return new TreeMap<>(emitted);
    }

    private static void remember(List<KeyValue<String, TotalRecord>> records, Map<String, WindowTotal> emitted) {
        for (KeyValue<String, TotalRecord> record : records) {
            if (record.value instanceof WindowTotal total) {
                emitted.put(record.key, total);
            }
        }
    }

    private static Reading reading(String meter, Random random) {
        return meter.equals("unique_count")
                ? text(meter, "user-" + random.nextInt(1500))
                : number(meter, BigDecimal.valueOf(random.nextInt(1_000_000), 3).toPlainString());
    }
}

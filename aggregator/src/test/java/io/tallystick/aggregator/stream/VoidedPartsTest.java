package io.tallystick.aggregator.stream;

import static io.tallystick.aggregator.stream.TestingAggregator.number;
import static io.tallystick.aggregator.stream.TestingAggregator.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events voided out of windows that go on in several parts, one by one until none is left. */
class VoidedPartsTest {

    private static final Instant NOON = Instant.parse("2026-04-15T12:00:00Z");
    private static final Period DAY =
            new Period(Instant.parse("2026-04-15T00:00:00Z"), Instant.parse("2026-04-16T00:00:00Z"));
    private static final int EVENTS = 900;
    private static final List<Integer> LOOK_WHEN_LEFT = List.of(EVENTS - 1, EVENTS - 100, 400, 20, 1, 0);

    private final Map<String, WindowTotal> emitted = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"each", "unique_count", "level", "delta"})
    void everyPartIsAsIfTheVoidedHadNeverCome(String meter) {
        Random random = new Random(meter.hashCode());
        WindowKind kind = TestingMeters.meter(meter).windowKind();
        List<AcceptedEvent> standing = new ArrayList<>();
        try (TestingAggregator aggregator = TestingAggregator.started()) {
            for (int i = 0; i < EVENTS; i++) {
                AcceptedEvent event = TestingAggregator.event(
                        "acme",
                        aggregator.next("acme"),
                        NOON.plusMillis(random.nextInt(3_600_000)),
                        reading(meter, random));
                aggregator.send(event, NOON);
                standing.add(event);
            }
            remember(aggregator.readWithKeys());
            assertThat(emitted).hasSizeGreaterThan(2);
            while (!standing.isEmpty()) {
                aggregator.voided(standing.remove(random.nextInt(standing.size())));
                if (LOOK_WHEN_LEFT.contains(standing.size())) {
                    remember(aggregator.readWithKeys());
                    assertAsIf(standing, kind, meter, aggregator);
                    aggregator.restart();
                }
            }
        }
    }

    private void assertAsIf(List<AcceptedEvent> standing, WindowKind kind, String meter, TestingAggregator aggregator) {
        WindowState.Builder whole = kind.empty().toBuilder();
        for (AcceptedEvent event : standing) {
            Reading reading = event.readings().get(0);
            whole.add(reading.value(), reading.text(), event.time(), event.sequence());
        }
        List<WindowTotal> totals = emitted.values().stream()
                .filter(total -> total.state().count() > 0)
                .toList();
        WindowState together = totals.stream().map(WindowTotal::state).reduce(kind.empty(), WindowState::merge);
        assertThat(together.equals(whole.state()))
                .as("emitted, %d left", standing.size())
                .isTrue(); // too long to print
        WindowState.Builder stored = kind.empty().toBuilder();
        aggregator
                .usage("acme", meter)
                .visit(
                        HourWindow.hourOf(DAY.start()),
                        HourWindow.hourOf(DAY.end()),
                        (dimensions, hour, state) -> stored.merge(state));
        assertThat(stored.state().equals(whole.state()))
                .as("stored, %d left", standing.size())
                .isTrue();
        TotalsCoverage covered = new TotalsCoverage();
        totals.forEach(
                total -> covered.add(total.meter(), total.dimensions(), total.hour(), total.part(), total.state()));
        assertThat(closed(aggregator)).as("%d left", standing.size()).isEqualTo(covered.coverage());
    }

    private static Coverage closed(TestingAggregator aggregator) {
        aggregator.send(new PeriodClosed("acme", 0, aggregator.next("acme"), 1, "main", DAY, 1, null, null), NOON);
        List<TotalRecord> read = aggregator.read();
        return ((PeriodClosed) read.get(read.size() - 1)).coverage();
    }

    private void remember(List<KeyValue<String, TotalRecord>> records) {
        for (KeyValue<String, TotalRecord> record : records) {
            if (record.value instanceof WindowTotal total) {
                emitted.put(record.key, total);
            }
        }
    }

    private static Reading reading(String meter, Random random) {
        return meter.equals("unique_count")
                ? text(meter, "a-user-with-a-long-name-" + random.nextInt(600))
                : number(meter, BigDecimal.valueOf(random.nextInt(1_000_000), 3).toPlainString());
    }
}

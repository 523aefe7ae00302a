package io.tallystick.aggregator.stream;

import static io.tallystick.aggregator.stream.TestingAggregator.number;
import static io.tallystick.aggregator.stream.TestingAggregator.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.aggregator.usage.UsageAnswer;
import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.UsageRow;
import io.tallystick.aggregator.usage.WindowSize;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three months of events, out of order and late, some of them voided, through the topology with restarts, against the naive computation. */
class UsageSimulationTest {

    private static final int EVENTS = 10_000;
    private static final int QUERIES = 200;
    private static final Instant START = Instant.parse("2026-02-01T00:00:00Z");
    private static final int HOURS = 89 * 24;
    private static final List<String> TENANTS = List.of("acme", "beta");
    private static final List<String> MODELS = List.of("", "gpt", "claude", "a/b");
    private static final List<String> REGIONS = List.of("eu", "us", "");
    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("America/New_York"), ZoneId.of("Pacific/Auckland"));

    private static final long SEED = Long.getLong("simulation.seed", 20_260_201L);
    private static final String REPLAY = "replay with -Dsimulation.seed=" + SEED;

    private static final Map<String, WindowTotal> EMITTED = new TreeMap<>();
    /** Those that were not voided. */
    private static List<AcceptedEvent> events = List.of();

    private static TestingAggregator aggregator;

    @BeforeAll
    static void run() {
        List<AcceptedRecord> log = log(new Random(SEED));
        events = standing(log);
        aggregator = new TestingAggregator(
                new AggregatorLimits(2_000_000, 1000)); // a small heap: rows leave it and come back many times
        aggregator.revision(1);
        int sent = 0;
        for (AcceptedRecord record : log) {
            aggregator.send(record, START.plusMillis(sent));
            if (++sent % (log.size() / 4) == 0) {
                remember(aggregator.readWithKeys());
                aggregator.restart();
            }
        }
        remember(aggregator.readWithKeys());
    }

    @AfterAll
    static void close() {
        aggregator.close();
    }

    @ParameterizedTest
    @MethodSource("meters")
    void everyAnswerEqualsTheNaiveComputationToTheLastDigit(String meter) {
        Random random = new Random(SEED + meter.hashCode());
        NaiveUsage naive = new NaiveUsage(meter, events);
        int rows = 0;
        for (int i = 0; i < QUERIES; i++) {
            UsageQuery query = query(meter, random);
            StoredUsage stored = aggregator.usage(query.tenant(), meter);
            List<String> answer = lines(query, UsageAnswer.to(query, stored));
            rows += answer.size();
            assertThat(answer)
                    .as("%s: %s, query %d: %s", REPLAY, meter, i, query)
                    .isEqualTo(naive.answer(query));
        }
        assertThat(rows).as("%s: rows compared", REPLAY).isGreaterThan(QUERIES);
    }

    @ParameterizedTest
    @MethodSource("meters")
    void theLastRecordOfEachKeyHoldsEveryEventOnce(String meter) {
        assertThat(EMITTED.values().stream()
                        .filter(total -> total.meter().equals(meter))
                        .mapToLong(total -> total.state().count())
                        .sum())
                .as(REPLAY)
                .isEqualTo(events.size())
                .isLessThan(EVENTS);
    }

    @Test
    void whatACloseVouchesForIsWhatTheLastRecordOfEachKeyHolds() {
        Period all = new Period(START.minus(60, ChronoUnit.DAYS), START.plus(HOURS, ChronoUnit.HOURS));
        for (String tenant : TENANTS) {
            TotalsCoverage coverage = new TotalsCoverage();
            EMITTED.values().stream()
                    .filter(total ->
                            total.tenant().equals(tenant) && total.state().count() > 0)
                    .forEach(total ->
                            coverage.add(total.meter(), total.dimensions(), total.hour(), total.part(), total.state()));

            KeyValueStore<Bytes, byte[]> days = aggregator.store(AggregatorStores.DAYS);
            assertThat(StoredUsage.coverage(tenant, meters().toList(), all, days))
                    .as(REPLAY)
                    .isEqualTo(coverage.coverage());
        }
    }

    static Stream<String> meters() {
        return TestingMeters.ALL.stream().map(Meter::meter);
    }

    private static void remember(List<KeyValue<String, TotalRecord>> records) {
        for (KeyValue<String, TotalRecord> record : records) {
            if (record.value instanceof WindowTotal total) {
                EMITTED.put(record.key, total);
            }
        }
    }

    /** What is left when every void has taken its event away. */
    private static List<AcceptedEvent> standing(List<AcceptedRecord> log) {
        Map<String, AcceptedEvent> standing = new LinkedHashMap<>();
        for (AcceptedRecord record : log) {
            if (record instanceof AcceptedEvent event) {
                standing.put(event.tenant() + event.sequence(), event);
            } else if (record instanceof EventVoided voided) {
                standing.remove(voided.tenant() + voided.event());
            }
        }
        return List.copyOf(standing.values());
    }

    private static List<AcceptedRecord> log(Random random) {
        List<AcceptedRecord> log = new ArrayList<>(EVENTS);
        Map<String, List<AcceptedEvent>> voidable = new TreeMap<>();
        TreeMap<String, Long> sequences = new TreeMap<>();
        for (int i = 0; i < EVENTS; i++) {
            long arrival = START.toEpochMilli() + (long) i * HOURS * 3_600_000L / EVENTS;
            long late =
                    random.nextInt(5) == 0 ? (long) (random.nextDouble() * 40 * 86_400_000L) : random.nextInt(60_000);
            // Whole seconds often, so that several events fall on one instant.
            long time = random.nextBoolean() ? (arrival - late) / 60_000 * 60_000 : arrival - late;
            String tenant = TENANTS.get(random.nextInt(10) == 0 ? 1 : 0);
            long sequence = sequences.merge(tenant, 1L, Long::sum);
            AcceptedEvent event =
                    TestingAggregator.event(tenant, sequence, Instant.ofEpochMilli(time), readings(random));
            log.add(event);
            List<AcceptedEvent> earlier = voidable.computeIfAbsent(tenant, name -> new ArrayList<>());
            earlier.add(event);
            // Often a recent one, that may still be on the heap alone, and often one of long ago.
            for (int voids = random.nextInt(20) - 17; voids > 0 && !earlier.isEmpty(); voids--) {
                int recent = Math.max(0, earlier.size() - (random.nextBoolean() ? 5 : Integer.MAX_VALUE));
                AcceptedEvent gone = earlier.remove(recent + random.nextInt(earlier.size() - recent));
                log.add(TestingAggregator.voided(gone, sequences.merge(tenant, 1L, Long::sum)));
            }
        }
        return log;
    }

    private static Reading[] readings(Random random) {
        return meters().map(meter -> reading(meter, random)).toArray(Reading[]::new);
    }

    private static Reading reading(String meter, Random random) {
        String model = MODELS.get(random.nextInt(MODELS.size()));
        String region = REGIONS.get(random.nextInt(REGIONS.size()));
        return switch (meter) {
            case "unique_count" ->
                text(meter, "user-" + random.nextInt(random.nextInt(20) == 0 ? 3000 : 40), model, region);
            case "count" -> new Reading(meter, TestingAggregator.dimensions(model, region), null, null);
            default -> number(meter, value(random).toPlainString(), model, region);
        };
    }

    private static BigDecimal value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new BigDecimal(new BigInteger(100, random), 12);
            case 1 -> new BigDecimal(random.nextInt(100));
            case 2 -> new BigDecimal(random.nextInt(1000)).negate().movePointLeft(2);
            case 3 -> BigDecimal.ZERO;
            default -> new BigDecimal(random.nextInt(100_000)).movePointLeft(random.nextInt(4));
        };
    }

    private static UsageQuery query(String meterName, Random random) {
        Meter meter = TestingMeters.meter(meterName);
        WindowSize size = List.of(WindowSize.HOUR, WindowSize.DAY, WindowSize.MONTH, WindowSize.MONTH)
                .get(random.nextInt(4));
        boolean windowed = random.nextInt(3) != 0;
        int fromHour = random.nextInt(HOURS);
        int lengthMax = windowed && size == WindowSize.HOUR ? 48 : HOURS;
        Instant from = START.minus(20, ChronoUnit.DAYS).plus(fromHour, ChronoUnit.HOURS);
        Instant to = from.plus(1 + random.nextInt(lengthMax), ChronoUnit.HOURS);
        List<String> groupBy = List.of(
                        List.<String>of(), List.of("model"), List.of("region"), List.of("model", "region"))
                .get(random.nextInt(4));
        SortedMap<String, Set<String>> filters = new TreeMap<>();
        if (random.nextInt(3) == 0) {
            filters.put("region", Set.of("eu", ""));
        }
        if (random.nextInt(3) == 0) {
            filters.put("model", Set.of(MODELS.get(random.nextInt(MODELS.size()))));
        }
        return new UsageQuery(
                meter,
                TENANTS.get(random.nextInt(4) == 0 ? 1 : 0),
                from,
                to,
                windowed ? size : null,
                ZONES.get(random.nextInt(ZONES.size())),
                groupBy,
                filters);
    }

    private static List<String> lines(UsageQuery query, List<UsageRow> rows) {
        List<String> lines = new ArrayList<>();
        for (UsageRow row : rows) {
            StringBuilder group = new StringBuilder();
            query.groupBy().forEach(name -> group.append(row.group().get(name)).append('/'));
            lines.add(row.window().start() + " " + row.window().end() + " " + group + " "
                    + row.value().shown());
        }
        return lines;
    }
}

package io.tallystick.aggregator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.aggregator.usage.UsageAnswer;
import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.WindowSize;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.stream.RocksDbBudget;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures usage queries over a year of hourly windows, for tenants with ten meters each, one per aggregation, in RocksDB as a task has it. It is no
 * proof and runs only when it is asked for: {@code mvn -B -pl aggregator -am test -Dtest=UsageQueryMeasurement
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class UsageQueryMeasurement {

    private static final int TENANTS = Integer.getInteger("usage.tenants", 1000);
    private static final int QUERIES = Integer.getInteger("usage.queries", 1000);
    private static final LocalDate YEAR = LocalDate.parse("2026-01-01");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @TempDir
    private Path directory;

    private KeyValueStore<Bytes, byte[]> days;
    private KeyValueStore<Bytes, byte[]> months;

    @Test
    void latencyFollowsTheRangeAskedAndNotTheHistory() {
        days = open("days");
        months = open("months");
        try {
            fill(11, 12);
            System.out.printf(
                    Locale.ROOT,
                    "%d tenants x %d meters, hourly windows; microseconds an answer%n",
                    TENANTS,
                    TestingMeters.ALL.size());
            System.out.printf(Locale.ROOT, "%-52s %10s %10s%n", "", "median", "99 %");
            measure("December as one row, no other history", 12, 1, null);
            measure("December by days, no other history", 12, 1, WindowSize.DAY);
            fill(0, 11);
            measure("December as one row, a year of history", 12, 1, null);
            measure("December by days, a year of history", 12, 1, WindowSize.DAY);
            measure("any month by days, a year of history", 0, 1, WindowSize.DAY);
            measure("the year as one row", 1, 12, null);
            measure("the year by months", 1, 12, WindowSize.MONTH);
            measure("the year by days", 1, 12, WindowSize.DAY);
            measure("one day by hours", 0, 0, WindowSize.HOUR);
        } finally {
            days.close();
            months.close();
        }
    }

    /**
     * @param month the first, or 0 for any
     * @param monthsLong how many, or 0 for a day
     */
    private void measure(String what, int month, int monthsLong, @Nullable WindowSize size) {
        Random random = new Random(1);
        long[] nanos = new long[QUERIES];
        long rows = 0;
        for (int i = -QUERIES / 4; i < QUERIES; i++) { // the first quarter warms up and is not counted
            Meter meter = TestingMeters.ALL.get(random.nextInt(TestingMeters.ALL.size()));
            LocalDate first = YEAR.withMonth(month == 0 ? 1 + random.nextInt(12) : month);
            LocalDate end = monthsLong == 0 ? first.plusDays(1) : first.plusMonths(monthsLong);
            UsageQuery query = new UsageQuery(
                    meter,
                    tenant(random.nextInt(TENANTS)),
                    first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                    end.atStartOfDay(ZoneOffset.UTC).toInstant(),
                    size,
                    NEW_YORK,
                    List.of(),
                    new TreeMap<>());
            long start = System.nanoTime();
            int answered = UsageAnswer.to(query, new StoredUsage(query.tenant(), meter.meter(), days, months))
                    .size();
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
                rows += answered;
            }
        }
        assertThat(rows).isGreaterThanOrEqualTo(QUERIES);
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-52s %10.0f %10.0f%n",
                what,
                nanos[QUERIES / 2] / 1e3,
                nanos[(int) (QUERIES * 0.99)] / 1e3);
    }

    /** The same windows for every tenant: what they hold does not matter, where they stand does. */
    private void fill(int fromMonth, int toMonth) {
        LocalDate end = YEAR.plusMonths(toMonth);
        for (LocalDate date = YEAR.plusMonths(fromMonth); date.isBefore(end); date = date.plusDays(1)) {
            int day = (int) date.toEpochDay();
            for (Meter meter : TestingMeters.ALL) {
                WindowState.Builder whole = meter.windowKind().empty().toBuilder();
                byte[] row = StoredWindows.encodeDay(windows(meter, day, whole));
                int month = LevelMonths.monthOf((long) day * HourWindow.HOURS_PER_DAY);
                for (int tenant = 0; tenant < TENANTS; tenant++) {
                    TotalsKey key = new TotalsKey(
                            tenant(tenant), meter.meter(), day, TestingAggregator.dimensions("gpt", "eu"));
                    days.put(key.bytes(), row);
                    if (whole.state() instanceof Levels && date.getDayOfMonth() == 1) {
                        LevelMonths.merge(
                                new TotalsKey(key.tenant(), key.meter(), month, key.dimensions()),
                                whole.state(),
                                months);
                    }
                }
            }
        }
    }

    private static byte[][] windows(Meter meter, int day, WindowState.Builder whole) {
        Random random = new Random(31L * day + meter.meter().hashCode());
        byte[][] windows = new byte[HourWindow.HOURS_PER_DAY][];
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            long start = Instant.EPOCH.toEpochMilli() + ((long) day * HourWindow.HOURS_PER_DAY + slot) * 3_600_000L;
            WindowState.Builder window = meter.windowKind().empty().toBuilder();
            for (int event = 0; event < 3; event++) {
                BigDecimal value = BigDecimal.valueOf(random.nextInt(1_000_000), 3);
                String text = meter.meter().equals("unique_count") ? "user-" + random.nextInt(40) : null;
                window.add(text == null ? value : null, text, start + random.nextInt(3_600_000), event);
            }
            whole.merge(window.state());
            windows[slot] = StoredWindows.encode(new StoredWindows.Part(0, 3, window.state()));
        }
        return windows;
    }

    private static String tenant(int number) {
        return "tenant-" + number;
    }

    private KeyValueStore<Bytes, byte[]> open(String name) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "aggregator");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbBudget.class.getName());
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(config, new TaskId(0, 0), directory.toFile());
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}

package io.tallystick.aggregator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredHistoryTest {

    private static final LocalDate DAY = LocalDate.parse("2026-04-01");
    private static final long FIRST_HOUR = DAY.toEpochDay() * HourWindow.HOURS_PER_DAY;
    private static final Dimensions EU = TestingAggregator.dimensions("gpt", "eu");

    @TempDir
    private Path directory;

    private KeyValueStore<Bytes, byte[]> days;
    private KeyValueStore<Bytes, byte[]> months;

    @BeforeEach
    void open() {
        days = open("days");
        months = open("months");
    }

    @AfterEach
    void close() {
        days.close();
        months.close();
    }

    @Test
    void everyHourOfADayIsReadBackAsTheAggregatorReads() {
        for (Meter meter : TestingMeters.ALL) {
            List<WindowState> hours = hours(meter);
            days.put(Bytes.wrap(StoredHistory.dayKey("acme", meter.meter(), DAY, EU)), StoredHistory.day(hours));

            Map<Long, WindowState> read = new HashMap<>();
            new StoredUsage("acme", meter.meter(), days, AggregatorStores.INDEX.in(months))
                    .visit(FIRST_HOUR, FIRST_HOUR + HourWindow.HOURS_PER_DAY, (dimensions, hour, state) -> {
                        assertThat(dimensions).isEqualTo(EU);
                        read.put(hour, state);
                    });

            assertThat(read).hasSize(HourWindow.HOURS_PER_DAY);
            read.forEach((hour, state) -> assertThat(state).isEqualTo(hours.get((int) (hour - FIRST_HOUR))));
        }
    }

    @Test
    void theLevelsOfAMonthAreFoundInFrontOfTheNext() {
        Levels whole = (Levels) hours(TestingMeters.meter("level")).stream()
                .reduce(WindowState::merge)
                .orElseThrow();
        months.put(Bytes.wrap(StoredHistory.monthKey("acme", "level", DAY, EU)), StoredHistory.month(whole));

        long nextMonth = DAY.plusMonths(1).toEpochDay() * HourWindow.HOURS_PER_DAY;
        assertThat(new StoredUsage("acme", "level", days, AggregatorStores.INDEX.in(months)).levelsBefore(nextMonth))
                .containsOnlyKeys(EU)
                .allSatisfy((dimensions, levels) -> assertThat(levels.levelAfter(BigDecimal.ZERO))
                        .isEqualByComparingTo(BigDecimal.valueOf(HourWindow.HOURS_PER_DAY)));
    }

    private static List<WindowState> hours(Meter meter) {
        List<WindowState> hours = new ArrayList<>();
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            WindowState.Builder window = meter.windowKind().empty().toBuilder();
            boolean isText = meter.meter().equals("unique_count");
            window.add(
                    isText ? null : BigDecimal.valueOf(slot + 1L),
                    isText ? "user-" + slot : null,
                    (FIRST_HOUR + slot) * HourWindow.MILLIS,
                    slot);
            hours.add(window.state());
        }
        return hours;
    }

    private KeyValueStore<Bytes, byte[]> open(String name) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "aggregator");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(config, new TaskId(0, 0), directory.toFile());
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}

package io.tallystick.deploy.bench.load;

import io.tallystick.aggregator.stream.StoredHistory;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Usage in every hour, of tenants that each have ten meters, at least one of every aggregation: as the rows that it leaves in the aggregator's
 * stores. All tenants have the same, since where a row stands matters and not what it says.
 */
public final class UsageHistory {

    private static final int EVENTS_PER_HOUR = 3;
    private static final int USERS = 40;
    private static final Dimensions MODEL = Dimensions.of(Map.of("model", "model-1"));
    private static final String YAML = """
            meters:
              - {meter: events, eventType: bench.usage, aggregation: count, dimensions: {model: $.model}}
              - {meter: total, eventType: bench.usage, aggregation: sum, value: $.value, dimensions: {model: $.model}}
              - {meter: least, eventType: bench.usage, aggregation: min, value: $.value, dimensions: {model: $.model}}
              - {meter: most, eventType: bench.usage, aggregation: max, value: $.value, dimensions: {model: $.model}}
              - {meter: mean, eventType: bench.usage, aggregation: avg, value: $.value, dimensions: {model: $.model}}
              - {meter: newest, eventType: bench.usage, aggregation: latest, value: $.value, dimensions: {model: $.model}}
              - {meter: users, eventType: bench.usage, aggregation: unique_count, value: $.user, dimensions: {model: $.model}}
              - {meter: stored, eventType: bench.usage, aggregation: time_weighted, value: $.value, dimensions: {model: $.model}}
              - {meter: seats, eventType: bench.usage, aggregation: time_weighted, valueKind: delta, value: $.value,
                 dimensions: {model: $.model}}
              - {meter: each, eventType: bench.usage, aggregation: sum, perEvent: true, value: $.value, dimensions: {model: $.model}}
            """;

    private final List<Meter> meters;
    private final int tenants;
    private final int partitions;

    /** Takes the records of the changelogs, by store. */
    public interface Taker {
        void take(String store, int partition, byte[] key, byte[] value);
    }

    public UsageHistory(int tenants, int partitions) {
        this.tenants = tenants;
        this.partitions = partitions;
        this.meters = List.copyOf(BenchCatalog.parsed(YAML).meters().values());
    }

    public static String yaml() {
        return YAML;
    }

    public List<String> meters() {
        return meters.stream().map(Meter::meter).toList();
    }

    public int tenants() {
        return tenants;
    }

    /** Makes whole months; returns how many windows. */
    public long make(LocalDate firstMonth, LocalDate endMonth, Taker taker) {
        long windows = 0;
        for (LocalDate month = firstMonth; month.isBefore(endMonth); month = month.plusMonths(1)) {
            for (Meter meter : meters) {
                WindowState.Builder whole = meter.windowKind().empty().toBuilder();
                for (LocalDate day = month; day.isBefore(month.plusMonths(1)); day = day.plusDays(1)) {
                    byte[] row = StoredHistory.day(hours(meter, day, whole));
                    for (int tenant = 0; tenant < tenants; tenant++) {
                        String name = EventMix.tenant(tenant);
                        byte[] key = StoredHistory.dayKey(name, meter.meter(), day, MODEL);
                        taker.take(StoredHistory.DAYS, TenantPartitioner.partitionOf(name, partitions), key, row);
                    }
                    windows += (long) tenants * HourWindow.HOURS_PER_DAY;
                }
                if (whole.state() instanceof Levels levels) {
                    byte[] row = StoredHistory.month(levels);
                    for (int tenant = 0; tenant < tenants; tenant++) {
                        String name = EventMix.tenant(tenant);
                        byte[] key = StoredHistory.monthKey(name, meter.meter(), month, MODEL);
                        taker.take(StoredHistory.MONTHS, TenantPartitioner.partitionOf(name, partitions), key, row);
                    }
                }
            }
        }
        return windows;
    }

    private static List<WindowState> hours(Meter meter, LocalDate day, WindowState.Builder whole) {
        SplittableRandom random =
                new SplittableRandom(31L * day.toEpochDay() + meter.meter().hashCode());
        boolean isText = meter.aggregation() == Aggregation.UNIQUE_COUNT;
        boolean isCount = meter.aggregation() == Aggregation.COUNT;
        long start = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        List<WindowState> hours = new ArrayList<>();
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            WindowState.Builder window = meter.windowKind().empty().toBuilder();
            for (int event = 0; event < EVENTS_PER_HOUR; event++) {
                BigDecimal value = BigDecimal.valueOf(random.nextInt(1_000_000), 3);
                window.add(
                        isText || isCount ? null : value,
                        isText ? "user-" + random.nextInt(USERS) : null,
                        start + slot * HourWindow.MILLIS + random.nextInt((int) HourWindow.MILLIS),
                        (long) slot * EVENTS_PER_HOUR + event);
            }
            whole.merge(window.state());
            hours.add(window.state());
        }
        return hours;
    }
}

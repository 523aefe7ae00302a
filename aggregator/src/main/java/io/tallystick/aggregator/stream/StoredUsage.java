package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.aggregator.stream.TotalsKey.Parsed;
import io.tallystick.aggregator.usage.Windows;
import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.Period;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** One tenant's windows of one meter, read from the stores. */
final class StoredUsage implements Windows {

    private final String tenant;
    private final String meter;
    private final ReadOnlyKeyValueStore<Bytes, byte[]> days;
    private final ReadOnlyKeyValueStore<Bytes, byte[]> months;

    StoredUsage(
            String tenant,
            String meter,
            ReadOnlyKeyValueStore<Bytes, byte[]> days,
            ReadOnlyKeyValueStore<Bytes, byte[]> months) {
        this.tenant = tenant;
        this.meter = meter;
        this.days = days;
        this.months = months;
    }

    @Override
    public void visit(long fromHour, long toHour, Visitor visitor) {
        visitParts(
                tenant,
                meter,
                fromHour,
                toHour,
                days,
                (dimensions, hour, part) -> visitor.window(dimensions, hour, part.state()));
    }

    @Override
    public Map<Dimensions, Levels> levelsBefore(long hour) {
        int month = LevelMonths.monthOf(hour);
        Map<Dimensions, Levels> levels = new HashMap<>();
        try (KeyValueIterator<Bytes, byte[]> rows = months.range(
                TotalsKey.firstOf(tenant, meter, Integer.MIN_VALUE), TotalsKey.firstOf(tenant, meter, month))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                Dimensions dimensions = TotalsKey.parse(row.key.get()).key().dimensions();
                merge(dimensions, (Levels) StoredWindows.decode(row.value).state(), levels);
            }
        }
        long firstOfMonth = LevelMonths.firstDayOf(month) * HourWindow.HOURS_PER_DAY;
        visit(firstOfMonth, hour, (dimensions, at, state) -> merge(dimensions, (Levels) state, levels));
        return levels;
    }

    private static void merge(Dimensions dimensions, Levels more, Map<Dimensions, Levels> levels) {
        levels.merge(
                dimensions, more.collapsed(), (one, other) -> one.merge(other).collapsed());
    }

    /** What a close marker vouches for: every part of every window of the tenant in the period. */
    static Coverage coverage(
            String tenant, Iterable<String> meters, Period period, ReadOnlyKeyValueStore<Bytes, byte[]> days) {
        TotalsCoverage coverage = new TotalsCoverage();
        long from = HourWindow.hourOf(period.start());
        long to = HourWindow.hourOf(period.end());
        for (String meter : meters) {
            visitParts(
                    tenant,
                    meter,
                    from,
                    to,
                    days,
                    (dimensions, hour, part) -> coverage.add(meter, dimensions, hour, part.part(), part.state()));
        }
        return coverage.coverage();
    }

    @FunctionalInterface
    private interface PartVisitor {
        void part(Dimensions dimensions, long hour, Part part);
    }

    private static void visitParts(
            String tenant,
            String meter,
            long fromHour,
            long toHour,
            ReadOnlyKeyValueStore<Bytes, byte[]> days,
            PartVisitor visitor) {
        if (fromHour >= toHour) {
            return;
        }
        int firstDay = dayOf(fromHour);
        int lastDay = dayOf(toHour - 1);
        try (KeyValueIterator<Bytes, byte[]> rows =
                days.range(TotalsKey.firstOf(tenant, meter, firstDay), TotalsKey.lastOf(tenant, meter, lastDay))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                Parsed parsed = TotalsKey.parse(row.key.get());
                TotalsKey key = parsed.key();
                long firstHour = (long) key.time() * HourWindow.HOURS_PER_DAY;
                if (parsed.slot() >= 0) {
                    long hour = firstHour + parsed.slot();
                    Part full = StoredWindows.decode(row.value);
                    if (hour >= fromHour && hour < toHour && full.state().count() > 0) {
                        visitor.part(key.dimensions(), hour, full);
                    }
                    continue;
                }
                byte[][] windows = StoredWindows.decodeDay(row.value);
                int firstSlot = (int) Math.max(0, fromHour - firstHour);
                int endSlot = (int) Math.min(HourWindow.HOURS_PER_DAY, toHour - firstHour);
                for (int slot = firstSlot; slot < endSlot; slot++) {
                    byte @Nullable [] window = windows[slot];
                    if (window != null) {
                        Part part = StoredWindows.decode(window);
                        if (part.state().count() > 0) {
                            visitor.part(key.dimensions(), firstHour + slot, part);
                        }
                    }
                }
            }
        }
    }

    private static int dayOf(long hour) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, HourWindow.dayOf(hour)));
    }
}

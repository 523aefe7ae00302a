package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What each UTC month left of the levels of a {@code time_weighted} meter: one small row per month and dimension combination, so that the level a range
 * starts with is found without reading all days before it.
 */
final class LevelMonths {

    private LevelMonths() {}

    /** The UTC month, counted from the epoch, that an hour falls in. */
    static int monthOf(long hour) {
        return (int) ChronoUnit.MONTHS.between(
                LocalDate.EPOCH, LocalDate.ofEpochDay(HourWindow.dayOf(hour)).withDayOfMonth(1));
    }

    /** The UTC day, counted from the epoch, that a month starts with. */
    static long firstDayOf(int month) {
        return LocalDate.EPOCH.plusMonths(month).toEpochDay();
    }

    /** Makes a month's row anew from the days, which must be flushed: behind a voided event. */
    static void fold(TotalsKey month, AggregatorStores stores) {
        @Nullable Levels whole = null;
        long end = firstDayOf(month.time() + 1);
        for (long day = firstDayOf(month.time()); day < end; day++) {
            TotalsKey key = new TotalsKey(month.tenant(), month.meter(), Math.toIntExact(day), month.dimensions());
            byte[] row = stores.days().get(key.bytes());
            byte[][] windows = row == null ? new byte[0][] : StoredWindows.decodeDay(row);
            for (int slot = 0; slot < windows.length; slot++) {
                byte @Nullable [] window = windows[slot];
                Part part = window == null ? null : StoredWindows.decode(window);
                for (int number = 0; part != null && number <= part.part(); number++) {
                    Levels levels = (Levels) (number == part.part()
                                    ? part
                                    : StoredWindows.decode(stores.days().get(key.partBytes(slot, number))))
                            .state();
                    whole = whole == null ? levels : whole.merge(levels);
                }
            }
        }
        if (whole == null || whole.count() == 0) {
            stores.index().delete(month.bytes());
        } else {
            stores.index().put(month.bytes(), StoredWindows.encode(new Part(0, 0, whole.collapsed())));
        }
    }

    /** Adds the events of {@code since} to a month's row. */
    static void merge(TotalsKey month, WindowState since, KeyValueStore<Bytes, byte[]> months) {
        Bytes key = month.bytes();
        byte[] row = months.get(key);
        Levels levels = (Levels) since;
        Levels whole =
                row == null ? levels : ((Levels) StoredWindows.decode(row).state()).merge(levels);
        months.put(key, StoredWindows.encode(new Part(0, 0, whole.collapsed())));
    }
}

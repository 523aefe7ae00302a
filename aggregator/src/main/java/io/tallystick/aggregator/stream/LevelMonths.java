package io.tallystick.aggregator.stream;

import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

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

    /** Adds the events of {@code since} to a month's row. */
    static void merge(TotalsKey month, WindowState since, KeyValueStore<Bytes, byte[]> months) {
        Bytes key = month.bytes();
        byte[] row = months.get(key);
        Levels levels = (Levels) since;
        Levels whole =
                row == null ? levels : ((Levels) StoredWindows.decode(row).state()).merge(levels);
        months.put(key, StoredWindows.encode(new StoredWindows.Part(0, 0, whole.collapsed())));
    }
}

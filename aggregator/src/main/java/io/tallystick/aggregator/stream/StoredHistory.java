package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.time.LocalDate;
import java.util.List;

/**
 * The rows that whole UTC days leave in the aggregator's stores, and in the changelogs behind these, made without the days' events: a long
 * history for a measurement.
 */
public final class StoredHistory {

    /** The store, in the application's changelog names too, of {@link #dayKey} and {@link #day}. */
    public static final String DAYS = AggregatorStores.DAYS;

    /** That of {@link #monthKey} and {@link #month}. */
    public static final String MONTHS = AggregatorStores.STORE;

    private StoredHistory() {}

    public static byte[] dayKey(String tenant, String meter, LocalDate day, Dimensions dimensions) {
        return new TotalsKey(tenant, meter, Math.toIntExact(day.toEpochDay()), dimensions)
                .bytes()
                .get();
    }

    /** @param hours by slot, all 24, each with its events in one part */
    public static byte[] day(List<WindowState> hours) {
        byte[][] windows = new byte[HourWindow.HOURS_PER_DAY][];
        for (int slot = 0; slot < windows.length; slot++) {
            windows[slot] = StoredWindows.encode(new Part(0, slot, hours.get(slot)));
        }
        return StoredWindows.encodeDay(windows);
    }

    /** Beside the days of a {@code time_weighted} meter. */
    public static byte[] monthKey(String tenant, String meter, LocalDate month, Dimensions dimensions) {
        int number = LevelMonths.monthOf(month.toEpochDay() * HourWindow.HOURS_PER_DAY);
        return AggregatorStores.INDEX.keyInStore(new TotalsKey(tenant, meter, number, dimensions).bytes());
    }

    /** @param whole all levels of the month */
    public static byte[] month(Levels whole) {
        return StoredWindows.encode(new Part(0, 0, whole.collapsed()));
    }
}

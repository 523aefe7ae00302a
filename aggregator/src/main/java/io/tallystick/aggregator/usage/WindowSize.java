package io.tallystick.aggregator.usage;

import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** How long the windows of an answer are. Days and months begin at local midnight, so that they may have 23 or 25 hours. */
public enum WindowSize {
    HOUR,
    DAY,
    MONTH;

    public static Optional<WindowSize> parse(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "HOUR" -> Optional.of(HOUR);
            case "DAY" -> Optional.of(DAY);
            case "MONTH" -> Optional.of(MONTH);
            default -> Optional.empty();
        };
    }

    /** The window that an hour, counted from the epoch, belongs to: local midnight of the first belongs to the new month. */
    Period windowOf(long hour, ZoneId zone) {
        Instant start = HourWindow.startOf(hour);
        return switch (this) {
            case HOUR -> new Period(start, HourWindow.startOf(hour + 1));
            case DAY -> {
                LocalDate day = LocalDate.ofInstant(start, zone);
                yield between(day, day.plusDays(1), zone);
            }
            case MONTH -> {
                LocalDate first = LocalDate.ofInstant(start, zone).withDayOfMonth(1);
                yield between(first, first.plusMonths(1), zone);
            }
        };
    }

    // atStartOfDay: where midnight does not exist, the day begins at the first instant that does.
    private static Period between(LocalDate first, LocalDate next, ZoneId zone) {
        return new Period(startOf(first, zone), startOf(next, zone));
    }

    private static Instant startOf(LocalDate day, ZoneId zone) {
        Instant start = day.atStartOfDay(zone).toInstant();
        if (!HourWindow.isWholeHour(start)) {
            throw RequestRefused.badRequest("totals are kept per UTC hour, and in " + zone + " the " + day
                    + " does not begin on one but at " + start + "; ask for windows in UTC, or by the hour");
        }
        return start;
    }
}

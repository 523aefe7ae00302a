package io.tallystick.rater.pricing;

import io.tallystick.schemas.value.Period;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/** A billing period as a customer would say it, in the subscription's zone: {@code April}, {@code April to June}, {@code 2026}, {@code 10 April to 9 May}. */
final class PeriodWords {

    private PeriodWords() {}

    static String of(Period period, ZoneId zone) {
        ZonedDateTime start = period.start().atZone(zone);
        ZonedDateTime end = period.end().atZone(zone);
        LocalDate first = start.toLocalDate();
        // The end is exclusive: at midnight, the day before was the last.
        LocalDate last =
                end.toLocalTime().equals(LocalTime.MIDNIGHT) ? end.toLocalDate().minusDays(1) : end.toLocalDate();
        boolean wholeMonths = start.toLocalTime().equals(LocalTime.MIDNIGHT)
                && end.toLocalTime().equals(LocalTime.MIDNIGHT)
                && first.getDayOfMonth() == 1
                && last.getDayOfMonth() == last.lengthOfMonth();
        if (!wholeMonths) {
            return first.equals(last) ? day(first) : day(first) + " to " + day(last);
        }
        if (first.getYear() == last.getYear()
                && first.getMonth() == Month.JANUARY
                && last.getMonth() == Month.DECEMBER) {
            return Integer.toString(first.getYear());
        }
        String month = name(first.getMonth());
        return first.plusMonths(1).isAfter(last) ? month : month + " to " + name(last.getMonth());
    }

    private static String day(LocalDate day) {
        return day.getDayOfMonth() + " " + name(day.getMonth());
    }

    /** English, and not from the runtime's locale data, which changes between releases. */
    private static String name(Month month) {
        String name = month.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}

package io.tallystick.ingest.decode;

import java.util.OptionalLong;

/**
 * Reads the {@code time} attribute: RFC 3339, any offset, to milliseconds since the epoch.
 *
 * <p>Finer fractions are cut off, not rounded, so that an instant never moves into the next window. A leap second
 * ({@code 23:59:60} in UTC) is the last millisecond of its day, so that it stays in the day that it ends. {@code 24:00}, a
 * blank for the {@code T}, and years outside 0000 to 9999 are not RFC 3339 and are refused.
 */
public final class EventTime {

    private static final int LENGTH_MAX = 64;
    private static final long DAY_MS = 86_400_000;
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    private static final int[] DAYS_IN_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private EventTime() {}

    /** Empty for whatever is not an RFC 3339 timestamp. */
    public static OptionalLong parse(String text) {
        int length = text.length();
        if (length < 20
                || length > LENGTH_MAX
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || (text.charAt(10) | 0x20) != 't'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return OptionalLong.empty();
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 2);
        int day = digits(text, 8, 2);
        int hour = digits(text, 11, 2);
        int minute = digits(text, 14, 2);
        int second = digits(text, 17, 2);
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysIn(year, month)
                || outside(hour, 23)
                || outside(minute, 59)
                || outside(second, 60)) {
            return OptionalLong.empty();
        }
        int at = 19;
        int millis = 0;
        if (text.charAt(at) == '.') {
            int from = ++at;
            for (int weight = 100; at < length && isDigit(text.charAt(at)); at++, weight /= 10) {
                millis += (text.charAt(at) - '0') * weight;
            }
            if (at == from) {
                return OptionalLong.empty();
            }
        }
        int offsetMinutes = offsetMinutes(text, at);
        if (offsetMinutes == Integer.MIN_VALUE) {
            return OptionalLong.empty();
        }
        long toTheMinute = epochDay(year, month, day) * DAY_MS + (hour * 60L + minute - offsetMinutes) * 60_000;
        if (second == 60) {
            boolean endsTheDay = Math.floorMod(toTheMinute, DAY_MS) == DAY_MS - 60_000;
            return endsTheDay ? OptionalLong.of(toTheMinute + 59_999) : OptionalLong.empty();
        }
        return OptionalLong.of(toTheMinute + second * 1000L + millis);
    }

    /** {@code Z} or {@code +hh:mm}, which must end the text; else the smallest int. */
    private static int offsetMinutes(String text, int at) {
        int left = text.length() - at;
        if (left == 1 && (text.charAt(at) | 0x20) == 'z') {
            return 0;
        }
        if (left != 6 || text.charAt(at + 3) != ':') {
            return Integer.MIN_VALUE;
        }
        int hours = digits(text, at + 1, 2);
        int minutes = digits(text, at + 4, 2);
        if (outside(hours, 23) || outside(minutes, 59)) {
            return Integer.MIN_VALUE;
        }
        char sign = text.charAt(at);
        if (sign == '+') {
            return hours * 60 + minutes;
        }
        return sign == '-' ? -(hours * 60 + minutes) : Integer.MIN_VALUE;
    }

    private static long epochDay(int year, int month, int day) {
        long years = year - 1L;
        long leapDays = Math.floorDiv(years, 4) - Math.floorDiv(years, 100) + Math.floorDiv(years, 400);
        int leapDay = month > 2 && isLeap(year) ? 1 : 0;
        return years * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1] + leapDay + day - 1 - 719_162;
    }

    private static int daysIn(int year, int month) {
        return month == 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1];
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static boolean outside(int value, int max) {
        return value < 0 || value > max;
    }

    /** The number that {@code count} digits write; -1 when one is no digit. */
    private static int digits(String text, int from, int count) {
        int value = 0;
        for (int at = from; at < from + count; at++) {
            char c = text.charAt(at);
            if (!isDigit(c)) {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

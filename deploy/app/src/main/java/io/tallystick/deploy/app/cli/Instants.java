package io.tallystick.deploy.app.cli;

import io.tallystick.schemas.value.InstantText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the command line reads times: RFC 3339 with a zone, ISO-8601 durations, calendar months. */
final class Instants {

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

    private Instants() {}

    /** An instant on a whole UTC hour, which is where windows and periods begin and end. */
    static final class WholeHour implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            Instant instant = InstantText.parse(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is not an RFC 3339 instant such as 2026-05-01T00:00:00Z"));
            if (!instant.equals(instant.truncatedTo(ChronoUnit.HOURS))) {
                throw new TypeConversionException("'" + text + "' is not on a whole UTC hour");
            }
            return instant;
        }
    }

    /** A duration above zero. */
    static final class PositiveDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Duration duration = duration(text);
            if (duration.isNegative() || duration.isZero()) {
                throw new TypeConversionException("'" + text + "' is not a duration above zero");
            }
            return duration;
        }
    }

    /** A duration of zero or more, at most a century. */
    static final class DurationFromZero implements ITypeConverter<Duration> {

        private static final Duration MAX = Duration.ofDays(36_525);

        @Override
        public Duration convert(String text) {
            Duration duration = duration(text);
            if (duration.isNegative() || duration.compareTo(MAX) > 0) {
                throw new TypeConversionException("'" + text + "' is not a duration from PT0S to " + MAX);
            }
            return duration;
        }
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + text + "' is not an ISO-8601 duration such as P35D or PT1H");
        }
    }

    static final class Zone implements ITypeConverter<ZoneId> {
        @Override
        public ZoneId convert(String text) {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException("'" + text + "' is not a time zone such as Europe/Berlin");
            }
        }
    }

    /** A calendar month, as text. */
    static final class Month implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!MONTH.matcher(text).matches()) {
                throw new TypeConversionException("'" + text + "' is not a month such as 2026-04");
            }
            return text;
        }
    }
}

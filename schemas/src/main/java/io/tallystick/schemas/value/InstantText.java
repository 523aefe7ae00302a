package io.tallystick.schemas.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Instants as text: RFC 3339, a date and a time with an offset ({@code 2026-04-01T00:00:00Z}). Written by {@link Instant#toString()}. */
public final class InstantText {

    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private InstantText() {}

    /** Empty for anything but an existing date and time with an offset. A leap second is none: it names no instant that clocks here count. */
    public static Optional<Instant> parse(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // the 30th of February
        }
    }
}

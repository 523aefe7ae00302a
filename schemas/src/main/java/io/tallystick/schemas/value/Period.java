package io.tallystick.schemas.value;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A half-open interval of time {@code [start, end)}; never empty. Billing periods and their parts fall on whole UTC hours. */
public record Period(Instant start, Instant end) {

    public Period {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("a period ends after it starts: " + start + " to " + end);
        }
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }

    public boolean overlaps(Period other) {
        return start.isBefore(other.end) && other.start.isBefore(end);
    }

    /** What the two have in common, if anything. */
    public Optional<Period> overlap(Period other) {
        return overlaps(other)
                ? Optional.of(new Period(
                        start.isBefore(other.start) ? other.start : start, end.isAfter(other.end) ? other.end : end))
                : Optional.empty();
    }

    public Duration length() {
        return Duration.between(start, end);
    }

    /** The share of {@code whole} that this period makes up, by exact duration. */
    public Fraction shareOf(Period whole) {
        return Fraction.of(length().toMillis(), whole.length().toMillis());
    }
}

package io.tallystick.rater.stream;

import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.CanonicalJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a period was closed under, so that it can be rated again as it was rated then.
 *
 * @param revision of the catalogue
 * @param closedAt the timestamp of the marker's record
 * @param document the subscription as it stood
 * @param late whether usage behind the close has yet to be booked
 */
record ClosedTerms(int revision, Instant closedAt, String document, boolean late) {

    /** How long after its close a period takes corrections; by the timestamps of records, since nobody looks at a clock. */
    static final Duration CORRECTION_HORIZON = Duration.ofDays(400);

    /** Stands for a closed period that takes no corrections any more. */
    static final String FORGOTTEN = "[]";

    private static final int LATE_PARTS = 4;

    ClosedTerms asLate(boolean nowLate) {
        return new ClosedTerms(revision, closedAt, document, nowLate);
    }

    /** Whether a marker written at {@code instant} still books corrections of the period. */
    boolean takesCorrectionsAt(Instant instant) {
        return !closedAt.plus(CORRECTION_HORIZON).isBefore(instant);
    }

    String text() {
        String number = Integer.toString(revision);
        return CanonicalJson.write(
                late
                        ? List.of(number, closedAt.toString(), document, "late")
                        : List.of(number, closedAt.toString(), document));
    }

    /** Null for what is {@link #FORGOTTEN}. */
    static @Nullable ClosedTerms parse(String text) {
        List<String> parts = RecordKeys.elementsOf(text);
        return parts.isEmpty()
                ? null
                : new ClosedTerms(
                        Integer.parseInt(parts.get(0)),
                        Instant.parse(parts.get(1)),
                        parts.get(2),
                        parts.size() == LATE_PARTS);
    }
}

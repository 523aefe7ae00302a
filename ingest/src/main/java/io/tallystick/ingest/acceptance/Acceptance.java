package io.tallystick.ingest.acceptance;

import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.DecimalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides events one by one, by nothing but the event, the timestamps of its record and the catalogue revision in force.
 * Holds hash buffers: one thread at a time.
 */
public final class Acceptance {

    /** Largest event, and largest key with headers, in bytes. */
    public static final int EVENT_BYTES_MAX = 1 << 20;

    /** What a header counts beside its name and value, in bytes: millions of empty ones are not nothing. */
    public static final int HEADER_BYTES = 16;

    private final Fingerprint fingerprint = new Fingerprint();
    /** For what goes into another. */
    private final Fingerprint scratch = new Fingerprint();

    /**
     * Whether a message is within the limits, which is asked before its bytes are looked at.
     *
     * @param besidesBytes of key and headers together
     */
    public static boolean isTooLarge(long valueBytes, long besidesBytes) {
        return valueBytes > EVENT_BYTES_MAX || besidesBytes > EVENT_BYTES_MAX;
    }

    /** What is wrong with the envelope alone, whatever the catalogue: the first four reasons behind the size; null when nothing is. */
    public static @Nullable Rejection ofEnvelope(DecodedEvent event) {
        if (event.malformed() != null) {
            return new Rejection(Reason.NOT_A_CLOUD_EVENT, event.malformed());
        }
        if (event.id() == null) {
            return new Rejection(Reason.MISSING_ID, "id is missing or empty");
        }
        if (event.subject() == null) {
            return new Rejection(Reason.MISSING_SUBJECT, "subject is missing or empty");
        }
        if (event.time() != null && event.instant().isEmpty()) {
            return new Rejection(Reason.INVALID_TIME, "time is not an RFC 3339 timestamp");
        }
        return null;
    }

    /**
     * @param event decoded with {@code rules}
     * @param recordTime the timestamp of the event's record: the event's "now"
     * @param newest the newest record timestamp that its partition has seen
     */
    public Decision decide(DecodedEvent event, RevisionRules rules, long recordTime, long newest) {
        Rejection rejection = ofEnvelope(event);
        if (rejection != null) {
            return rejection;
        }
        String tenant = Objects.requireNonNull(event.subject());
        String id = Objects.requireNonNull(event.id());
        long time = timeOf(event, recordTime);
        if (time < recordTime - rules.horizonMs()) {
            return new Rejection(Reason.TOO_OLD, "time is more than the horizon before the record's timestamp");
        }
        if (recordTime < newest - rules.horizonMs()) {
            return new Rejection(
                    Reason.TOO_OLD,
                    "the record's timestamp is more than the horizon behind the newest of its partition");
        }
        if (time > recordTime + rules.skewMs()) {
            return new Rejection(Reason.IN_THE_FUTURE, "time is more than the skew ahead of the record's timestamp");
        }
        TypeRules type = rules.type(event.type());
        if (type == null) {
            return new Rejection(Reason.UNKNOWN_TYPE, "no meter has the event's type");
        }
        try {
            @Nullable Reading[] readings = type.read(event.data(), time);
            long content = contentHash(event, type, readings);
            return new Candidate(tenant, identity(event, tenant, id), content, time, present(readings));
        } catch (UnreadableValue e) {
            return new Rejection(Reason.INVALID_VALUE, e.detail());
        }
    }

    /**
     * Whether an event has the content that was accepted under {@code rules}, which need not be those now in force.
     *
     * @param event decoded with {@code rules}
     * @param recordTime of the copy that was accepted: an event without a time is compared as of then
     */
    public boolean hasContent(DecodedEvent event, RevisionRules rules, long recordTime, long contentHash) {
        TypeRules type = rules.type(event.type());
        if (type == null) {
            return false;
        }
        try {
            @Nullable Reading[] readings = type.read(event.data(), timeOf(event, recordTime));
            return contentHash(event, type, readings) == contentHash;
        } catch (UnreadableValue e) {
            return false;
        }
    }

    /** The identity of an event: tenant and idempotency key, or tenant, source and id. */
    public Identity identity(String tenant, @Nullable String idempotencyKey, String source, String id) {
        if (idempotencyKey != null) {
            fingerprint.start('k').text(tenant).text(idempotencyKey).finish();
        } else {
            fingerprint.start('i').text(tenant).text(source).text(id).finish();
        }
        return new Identity(fingerprint.first(), fingerprint.second());
    }

    private Identity identity(DecodedEvent event, String tenant, String id) {
        return identity(tenant, event.idempotencyKey(), event.source(), id);
    }

    /** Over type, time as sent, and what each meter of the type reads, its name included. */
    private long contentHash(DecodedEvent event, TypeRules type, @Nullable Reading[] readings) {
        fingerprint.start('c').text(event.type());
        if (event.time() == null) {
            fingerprint.mark('-');
        } else {
            fingerprint.mark('t').text(event.time());
        }
        for (int at = 0; at < readings.length; at++) {
            MeterRule meter = type.meters().get(at);
            fingerprint.mark('m').text(meter.name());
            Reading reading = readings[at];
            if (reading == null) {
                fingerprint.mark('-');
                continue;
            }
            fingerprint.part(meter.part(reading.dimensions(), scratch));
            if (reading.value() != null) {
                fingerprint.mark('v').text(DecimalText.canonical(reading.value()));
            } else if (reading.text() != null) {
                fingerprint.mark('u').text(reading.text());
            }
        }
        return fingerprint.finish().first();
    }

    /** An event without a time happened when it was recorded. */
    private static long timeOf(DecodedEvent event, long recordTime) {
        return event.instant().orElse(recordTime);
    }

    private static List<Reading> present(@Nullable Reading[] readings) {
        List<Reading> present = new ArrayList<>(readings.length);
        for (Reading reading : readings) {
            if (reading != null) {
                present.add(reading);
            }
        }
        return present;
    }
}

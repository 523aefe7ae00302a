package io.tallystick.ingest.stream;

import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.ingest.acceptance.Rejection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * How a rejected event stands on {@code usage.rejected}: its own key, value and headers, and why and where it was rejected in headers
 * that begin with {@code tallystick-}. Of a record over the size limit neither bytes nor headers are kept, but their hash.
 */
final class DeadLetter {

    private DeadLetter() {}

    /** @param topic that the event first came by */
    static Record<byte[], Outgoing> of(
            Arrival arrival, Rejection rejection, String topic, int revision, int partition) {
        boolean tooLarge = rejection.reason() == Reason.TOO_LARGE;
        Headers headers = tooLarge ? Arrival.noHeaders() : Arrival.copy(arrival.headers());
        header(headers, "reason", rejection.reason().text());
        header(headers, "detail", rejection.detail());
        header(headers, "topic", topic);
        header(headers, "partition", Integer.toString(arrival.place().partition()));
        header(headers, "offset", Long.toString(arrival.place().offset()));
        header(headers, "timestamp", Long.toString(arrival.recordTime()));
        header(headers, "revision", Integer.toString(revision));
        byte @Nullable [] value = arrival.content().value();
        if (tooLarge) {
            header(headers, "sha256", value == null ? "" : sha256(value));
            header(headers, "bytes", Integer.toString(value == null ? 0 : value.length));
            return record(null, new Outgoing(partition, null), arrival.recordTime(), headers);
        }
        return record(arrival.content().key(), new Outgoing(partition, value), arrival.recordTime(), headers);
    }

    @SuppressWarnings("NullAway") // a record's key may be null
    private static Record<byte[], Outgoing> record(
            byte @Nullable [] key, Outgoing value, long timestamp, Headers headers) {
        return new Record<>(key, value, Math.max(0, timestamp), headers);
    }

    private static void header(Headers headers, String name, String value) {
        headers.add("tallystick-" + name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}

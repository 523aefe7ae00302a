package io.tallystick.ingest.stream;

import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.decode.EventHeaders;
import io.tallystick.schemas.event.Place;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code usage.events} as it is decided, also where it came by the misrouted hop: there its first place and times travel
 * in a header behind its own ones.
 *
 * @param recordTime the timestamp of its first record, milliseconds since the epoch
 * @param newest the newest record timestamp of the partition it first came by, then
 * @param isReceived whether it came by the misrouted hop
 */
record Arrival(Content content, Headers headers, Place place, long recordTime, long newest, boolean isReceived) {

    private static final String ORIGIN = "tallystick-origin";
    private static final int ORIGIN_BYTES = Integer.BYTES + 3 * Long.BYTES;

    /** Key and value; each may be missing. */
    @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares
    record Content(byte @Nullable [] key, byte @Nullable [] value) {}

    /** What it looks like on the hop to its tenant's partition. */
    Headers headersWithOrigin() {
        Headers all = copy(headers);
        all.add(
                ORIGIN,
                ByteBuffer.allocate(ORIGIN_BYTES)
                        .putInt(place.partition())
                        .putLong(place.offset())
                        .putLong(recordTime)
                        .putLong(newest)
                        .array());
        return all;
    }

    /**
     * Reads what {@link #headersWithOrigin} wrote: the last such header, since a producer may have sent one of that name. Null for a
     * record without it, which ingest did not write.
     */
    static @Nullable Arrival received(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        Header origin = headers.lastHeader(ORIGIN);
        if (origin == null || origin.value() == null || origin.value().length != ORIGIN_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(origin.value());
        Place place = new Place(in.getInt(), in.getLong());
        Headers own = noHeaders();
        for (Header header : headers) {
            if (header != origin) {
                own.add(header);
            }
        }
        return new Arrival(new Content(key, value), own, place, in.getLong(), in.getLong(), true);
    }

    /** Headers to add to. Kafka's own class for them is internal; every record has such. */
    @SuppressWarnings("NullAway") // a record's key and value may be null
    static Headers noHeaders() {
        return new Record<>(null, null, 0).headers();
    }

    @SuppressWarnings("NullAway") // likewise
    static Headers copy(Headers headers) {
        return new Record<>(null, null, 0, headers).headers();
    }

    /** What key and headers count against the limit, in bytes. */
    long besidesBytes() {
        long bytes = content.key() == null ? 0 : content.key().length;
        for (Header header : headers.toArray()) {
            bytes += Acceptance.HEADER_BYTES
                    + header.key().length()
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    EventHeaders eventHeaders() {
        return visitor -> {
            for (Header header : headers.toArray()) {
                visitor.accept(header.key(), header.value());
            }
        };
    }
}

package io.tallystick.deploy.app.derive;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way from one stage to the next, as it would stand on the topic between them.
 *
 * @param timestamp milliseconds since the epoch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sent(
        String topic, int partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestamp) {

    /** Without headers. */
    static Sent plain(String topic, int partition, byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
        return new Sent(topic, partition, key, value, noHeaders(), timestamp);
    }

    /** Headers to add to: Kafka's own class for them is internal, and every record has some. */
    @SuppressWarnings("NullAway") // a record's key and value may be null
    static Headers noHeaders() {
        return new Record<>(null, null, 0).headers();
    }
}

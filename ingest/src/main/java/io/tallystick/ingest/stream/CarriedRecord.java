package io.tallystick.ingest.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record of another space's {@code usage.accepted} on its way into this one: by the misrouted hop, since ingest alone writes {@code usage.accepted}, with
 * its timestamp in a header, since that topic is kept by arrival.
 */
public final class CarriedRecord {

    private static final String TIMESTAMP = "tallystick-carried";

    private CarriedRecord() {}

    /** The record to send. */
    public static ProducerRecord<byte[], byte[]> of(
            Topics topics, int partition, AcceptedRecord record, long timestamp) {
        ProducerRecord<byte[], byte[]> carried = new ProducerRecord<>(
                topics.usageMisrouted().name(),
                partition,
                record.tenant().getBytes(StandardCharsets.UTF_8),
                TopicCodecs.ACCEPTED.encode(record));
        carried.headers()
                .add(
                        TIMESTAMP,
                        ByteBuffer.allocate(Long.BYTES).putLong(timestamp).array());
        return carried;
    }

    /** Whether a record that has no origin, so that no producer's headers are on it, is a carried one. */
    static boolean isOne(Headers headers) {
        Header timestamp = headers.lastHeader(TIMESTAMP);
        return timestamp != null && timestamp.value() != null && timestamp.value().length == Long.BYTES;
    }

    /** The timestamp that the record had. */
    static long timestamp(Headers headers) {
        return ByteBuffer.wrap(headers.lastHeader(TIMESTAMP).value()).getLong();
    }
}

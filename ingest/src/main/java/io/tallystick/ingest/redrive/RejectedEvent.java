package io.tallystick.ingest.redrive;

import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** One record of {@code usage.rejected}: an event as it came, and in its headers why and where it was rejected. */
public final class RejectedEvent {

    /** How the headers begin that ingest adds. */
    static final String PREFIX = "tallystick-";

    private final ConsumerRecord<byte[], byte[]> record;

    RejectedEvent(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    /** When it was rejected, milliseconds since the epoch. */
    public long arrivedAt() {
        return record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE ? 0 : record.timestamp();
    }

    public String reason() {
        return text("reason");
    }

    public String detail() {
        return text("detail");
    }

    /** The topic that it came by; with partition and offset its place. */
    public String topic() {
        return text("topic");
    }

    public int partition() {
        return (int) number("partition", 0);
    }

    public long offset() {
        return number("offset", 0);
    }

    /** Of its first record, milliseconds since the epoch. */
    public long timestamp() {
        return number("timestamp", 0);
    }

    /** Of the catalogue that it was decided under; one that cannot be read is none that another could follow. */
    public int revision() {
        return (int) number("revision", Integer.MAX_VALUE);
    }

    /** Length of the event, also where its bytes were not kept. */
    public long bytes() {
        byte @Nullable [] value = record.value();
        return number("bytes", value == null ? 0 : value.length);
    }

    /** Whether its bytes were kept, without which it cannot be sent again. */
    public boolean isWhole() {
        return !reason().equals(Reason.TOO_LARGE.text());
    }

    /** The event as it first came to {@code events}: its key, bytes and headers, its timestamp and partition. */
    ProducerRecord<byte[], byte[]> again(Topic events) {
        ProducerRecord<byte[], byte[]> again = new ProducerRecord<>(
                events.name(), partition(), Math.max(0, timestamp()), record.key(), record.value());
        for (Header header : record.headers()) {
            if (!header.key().startsWith(PREFIX)) {
                again.headers().add(header);
            }
        }
        return again;
    }

    /** The last header of the name is ours; a producer may have sent one too. */
    private String text(String name) {
        Header header = record.headers().lastHeader(PREFIX + name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private long number(String name, long otherwise) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}

package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes to the topics of a new space, each record once and in order. */
final class SpaceWriter implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong written;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** @param written counts what the brokers have stored */
    SpaceWriter(String bootstrap, AtomicLong written) {
        this.written = written;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        // The topics are new: a broker that does not know one yet refuses the first batch, may take the
                        // second, and never takes the
                        // first again.
                        "max.in.flight.requests.per.connection",
                        1,
                        "compression.type",
                        "lz4",
                        "linger.ms",
                        20,
                        "batch.size",
                        128 << 10,
                        "max.request.size",
                        2 * Topics.RECORD_BYTES_MAX),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void write(ProducerRecord<byte[], byte[]> record) {
        requireSound();
        Future<RecordMetadata> told = producer.send(record, (metadata, exception) -> {
            if (exception == null) {
                written.incrementAndGet();
            } else {
                failure.compareAndSet(null, exception);
            }
        });
        if (told.isCancelled()) {
            throw new IllegalStateException("a producer cancels nothing");
        }
    }

    /** Returns when everything is stored. */
    void flush() {
        producer.flush();
        requireSound();
    }

    private void requireSound() {
        Exception exception = failure.get();
        if (exception != null) {
            throw Failure.unreachable(
                    "the brokers did not store a record of the new space (" + exception.getMessage() + ")",
                    "look at their logs, and start again",
                    exception);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}

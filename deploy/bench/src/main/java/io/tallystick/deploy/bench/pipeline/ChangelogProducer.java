package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.app.Failure;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes rows of a stage's stores into the changelogs behind them, while the stage does not run: its next start has them. */
final class ChangelogProducer implements AutoCloseable {

    private final Broker broker;
    private final String stage;
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

    ChangelogProducer(Broker broker, String stage) {
        this.broker = broker;
        this.stage = stage;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "acks",
                        "all",
                        "compression.type",
                        "lz4",
                        "linger.ms",
                        100,
                        "batch.size",
                        256 << 10,
                        "buffer.memory",
                        64L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void put(String store, int partition, byte[] key, byte[] value) {
        Future<RecordMetadata> unused = producer.send(
                new ProducerRecord<>(broker.changelog(stage, store), partition, key, value), (metadata, error) -> {
                    if (error != null) {
                        failed.set(error);
                    }
                });
    }

    /** Waits until everything is acknowledged; a Failure when something was not. */
    void flush() {
        producer.flush();
        Exception error = failed.get();
        if (error != null) {
            throw Failure.unreachable("rows could not be written (" + error.getMessage() + ")", "run it again", error);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}

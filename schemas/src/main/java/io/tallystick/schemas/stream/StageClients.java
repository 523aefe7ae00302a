package io.tallystick.schemas.stream;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The Kafka clients of a stage's application: plain ones, but for the producer, see {@link CommitFlushedProducer}. */
public class StageClients implements KafkaClientSupplier {

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return plain(config);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new CommitFlushedProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return plain(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return plain(config);
    }

    private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A producer of transactions that sends what is left when a transaction is committed, and not whenever it is asked to.
     *
     * <p>Before it commits, Kafka Streams prepares one task of a thread after another and flushes the thread's producer behind each:
     * with six partitions the stage waits for the broker six times over, each time with the partitions of one task. That is not needed for exactness: committing
     * a transaction sends all that is left and ends it only when all of it is acknowledged, with the callbacks of all records over; and what a task writes down of it
     * (the ends of its changelogs) it does behind the commit.
     */
    private static final class CommitFlushedProducer extends KafkaProducer<byte[], byte[]> {

        CommitFlushedProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void flush() {
            // with the commit
        }
    }
}

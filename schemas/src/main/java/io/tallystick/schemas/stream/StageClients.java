package io.tallystick.schemas.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The Kafka clients of a stage's application: plain ones, but for the producer, see {@link CommitFlushedProducer}, and the consumer of what
 * the stage reads, see {@link EndTellingConsumer}.
 */
public class StageClients implements KafkaClientSupplier {

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new EndTellingConsumer(config);
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

    /** A consumer of one stream thread that tells the pace of its commits when it has read all there is, so that nothing is waited for. */
    private static final class EndTellingConsumer extends KafkaConsumer<byte[], byte[]> {

        EndTellingConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            CommitPacer.reads(records.isEmpty() && isAtEnd());
            return records;
        }

        /** As far as the last answers of the broker tell. */
        private boolean isAtEnd() {
            for (TopicPartition partition : assignment()) {
                if (currentLag(partition).orElse(Long.MAX_VALUE) > 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A producer of transactions, of one stream thread, that sends what is left once for each commit, and not whenever it is asked to.
     *
     * <p>Before it commits, Kafka Streams prepares one task of a thread after another and flushes the thread's producer behind each:
     * with six partitions a stage waits for the broker six times over, each time with the partitions of one task.
     *
     * <p>It sends before it sends offsets, not with the commit as it could: who takes a task over reads the ends of its changelogs and then
     * waits for the offsets of a transaction that is under way. All that belongs to those offsets has to be in the log by then, or a
     * stage that was held up between the two commits what its successor has not restored.
     */
    private static final class CommitFlushedProducer extends KafkaProducer<byte[], byte[]> {

        private final Map<String, List<PartitionInfo>> partitions = new HashMap<>();
        private long flushedAtNanos;

        CommitFlushedProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        /** Asked by Kafka Streams for each record. A topic's do not change while a stage runs: a tenant's home goes by their number. */
        @Override
        public List<PartitionInfo> partitionsFor(String topic) {
            List<PartitionInfo> known = partitions.get(topic);
            if (known == null) {
                known = super.partitionsFor(topic);
                partitions.put(topic, known);
            }
            return known;
        }

        @Override
        public void flush() {
            // with the offsets
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
            flushedAtNanos = System.nanoTime();
            super.flush();
            super.sendOffsetsToTransaction(offsets, group);
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            CommitPacer.sent(System.nanoTime() - flushedAtNanos);
        }

        /** What is left is sent in front of this too, as Kafka Streams means it: it logs an error for each record that is not. */
        @Override
        public void abortTransaction() {
            try {
                super.flush();
            } finally {
                super.abortTransaction();
            }
        }
    }
}

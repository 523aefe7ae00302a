package io.tallystick.ingest.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How far ingest has committed in its source topics, and where they end. */
final class CommittedEnds implements AutoCloseable {

    private static final long ANSWER_MS_MAX = 10_000;
    private static final Duration PROBE = Duration.ofMillis(200);

    private final Admin admin;
    private final String group;
    private final Properties probeConfig = new Properties();

    /**
     * @param clients connection settings of Kafka clients
     * @param group ingest's application id, which is its consumer group
     */
    CommittedEnds(Map<String, Object> clients, String group) {
        this.admin = Admin.create(new HashMap<>(clients));
        this.group = group;
        probeConfig.putAll(clients);
        probeConfig.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        probeConfig.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        probeConfig.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        probeConfig.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        probeConfig.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        probeConfig.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    }

    /** The committed offset of every partition that has one; pending transactions are waited for. */
    Map<TopicPartition, Long> committed() throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets;
        try {
            offsets = admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec()),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get(ANSWER_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BrokersSilent("the committed offsets of " + group + " cannot be read", e);
        }
        Map<TopicPartition, Long> committed = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    /** Where partitions end now. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        try {
            admin.listOffsets(latest)
                    .all()
                    .get(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
                    .forEach((partition, info) -> ends.put(partition, info.offset()));
        } catch (ExecutionException | TimeoutException e) {
            throw new BrokersSilent("the ends of " + partitions + " cannot be read", e);
        }
        return ends;
    }

    /**
     * Whether there is no record between two offsets, only what transactions leave behind. Streams commits past such gaps only once it
     * has read a record of the partition, so a committed offset alone may stay behind for ever.
     */
    boolean isEmptyBetween(TopicPartition partition, long from, long to) {
        try (KafkaConsumer<byte[], byte[]> probe = new KafkaConsumer<>(probeConfig)) {
            probe.assign(List.of(partition));
            probe.seek(partition, from);
            return probe.poll(PROBE).isEmpty() && probe.position(partition) >= to;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    /** The brokers do not answer; asking again later is the only thing to do. */
    static final class BrokersSilent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokersSilent(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

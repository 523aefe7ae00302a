package io.tallystick.ingest.redrive;

import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads {@code usage.rejected}: the newest dead letters. */
public final class RejectedEvents {

    /** Most that one answer holds. */
    public static final int LIMIT_MAX = 10_000;

    /** Reads further back than this many records of each partition only in one last step, from the beginning. */
    private static final long TAIL_RECORDS_MAX = 100_000;

    private static final int RETRY_AFTER_SECONDS = 2;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Topics topics;
    private final Map<String, Object> clients;

    /** @param clients connection settings of Kafka clients */
    public RejectedEvents(Topics topics, Map<String, Object> clients) {
        this.topics = topics;
        this.clients = Map.copyOf(clients);
    }

    /**
     * The newest dead letters, newest first.
     *
     * @param reason only those; null for all
     */
    public List<RejectedEvent> newest(int limit, @Nullable String reason) {
        List<TopicPartition> partitions = partitions(topics.usageRejected());
        try (Consumer<byte[], byte[]> consumer = consumer(clients)) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            // Of the newest in all, no partition has more than the limit: without a filter one step is enough.
            long tail = limit;
            while (true) {
                boolean fromTheBeginning = true;
                for (TopicPartition partition : partitions) {
                    long begin = begins.getOrDefault(partition, 0L);
                    long from = Math.max(begin, ends.getOrDefault(partition, 0L) - tail);
                    fromTheBeginning &= from == begin;
                    consumer.seek(partition, from);
                }
                List<RejectedEvent> found = newestOf(consumer, ends, limit, reason);
                if (fromTheBeginning || found.size() >= limit) {
                    return found;
                }
                tail = tail > TAIL_RECORDS_MAX ? Long.MAX_VALUE / 2 : tail * 16;
            }
        } catch (KafkaException e) {
            throw RequestRefused.notReady("the dead letters cannot be read now", RETRY_AFTER_SECONDS);
        }
    }

    private static List<RejectedEvent> newestOf(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, int limit, @Nullable String reason) {
        Comparator<RejectedEvent> byArrival =
                Comparator.comparingLong(RejectedEvent::arrivedAt).thenComparingLong(RejectedEvent::offset);
        PriorityQueue<RejectedEvent> newest = new PriorityQueue<>(byArrival);
        while (isBefore(consumer, ends)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                RejectedEvent event = new RejectedEvent(record);
                if (reason == null || event.reason().equals(reason)) {
                    newest.add(event);
                    if (newest.size() > limit) {
                        newest.remove();
                    }
                }
            }
        }
        List<RejectedEvent> found = new ArrayList<>(newest);
        found.sort(byArrival.reversed());
        return found;
    }

    /** Whether there is more to read in front of {@code ends}. */
    static boolean isBefore(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    static List<TopicPartition> partitions(Topic topic) {
        return IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
    }

    /** Reads what is committed, without a group. */
    static Consumer<byte[], byte[]> consumer(Map<String, Object> clients) {
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

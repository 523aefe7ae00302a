package io.tallystick.ingest.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that brings no event of a partition until it has brought the requests that were there when the partition came to
 * it: what was asked for while nobody listened, a catalogue revision above all, is known before the events that came behind it.
 *
 * <p>Kafka Streams can do that by itself ({@code max.task.idle.ms} at 0 or more), but at a price per record: about a tenth of all
 * that ingest's threads do, since one of their inputs is nearly always empty.
 */
final class RequestsFirstConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String events;
    private final String requests;
    /** By partition of the requests, where they ended when the partition came. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    RequestsFirstConsumer(String events, String requests, Map<String, Object> config) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.events = events;
        this.requests = requests;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Set<TopicPartition> held = toHold();
        pause(held);
        try {
            return super.poll(timeout);
        } finally {
            held.retainAll(assignment());
            resume(held);
        }
    }

    /** Partitions of events whose requests are still to come; what Kafka Streams paused itself is not among them. */
    private Set<TopicPartition> toHold() {
        Set<TopicPartition> assigned = assignment();
        learnEnds(assigned);
        Set<TopicPartition> held = new HashSet<>();
        for (TopicPartition partition : assigned) {
            if (partition.topic().equals(events)
                    && !isRead(new TopicPartition(requests, partition.partition()), assigned)) {
                held.add(partition);
            }
        }
        held.removeAll(paused());
        return held;
    }

    private void learnEnds(Set<TopicPartition> assigned) {
        ends.keySet().retainAll(assigned);
        Set<TopicPartition> unknown = new HashSet<>();
        for (TopicPartition partition : assigned) {
            if (partition.topic().equals(requests) && !ends.containsKey(partition)) {
                unknown.add(partition);
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        try {
            ends.putAll(endOffsets(unknown, PATIENCE));
        } catch (TimeoutException e) {
            // The next poll asks again; until then the events wait.
        }
    }

    private boolean isRead(TopicPartition partition, Set<TopicPartition> assigned) {
        if (!assigned.contains(partition)) {
            return true;
        }
        Long end = ends.get(partition);
        try {
            return end != null && position(partition, PATIENCE) >= end;
        } catch (InvalidOffsetException | TimeoutException e) {
            return false; // poll says so to Kafka Streams, which knows what to do
        }
    }
}

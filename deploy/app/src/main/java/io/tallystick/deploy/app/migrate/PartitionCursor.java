package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The committed records of one partition between two offsets, one by one, at the pace of whoever takes them. */
final class PartitionCursor implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final int RECORDS_HELD_MAX = 1_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition place;
    private final long end;
    private final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();

    PartitionCursor(String bootstrap, Topic topic, int partition, long start, long end) {
        this.place = new TopicPartition(topic.name(), partition);
        this.end = end;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "none",
                        "max.poll.records",
                        RECORDS_HELD_MAX),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(place));
        consumer.seek(place, start);
    }

    /** The next record; null when there is none left. */
    @Nullable
    ConsumerRecord<byte[], byte[]> peek() {
        long deadline = System.nanoTime() + SILENCE_MAX.toNanos();
        while (fetched.isEmpty() && consumer.position(place) < end) {
            fetch();
            if (fetched.isEmpty() && System.nanoTime() > deadline) {
                throw Failure.unreachable(
                        place + " gives nothing behind offset " + consumer.position(place),
                        "check that the brokers run, and start again");
            }
        }
        return fetched.peek();
    }

    private void fetch() {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end) {
                    fetched.add(record);
                }
            }
        } catch (OffsetOutOfRangeException e) {
            throw Failure.checkFailed(
                    place + " has lost the records at "
                            + e.offsetOutOfRangePartitions().get(place) + " and behind it",
                    "a space is moved whole: restore the topic");
        } catch (KafkaException e) {
            throw Failure.unreachable(
                    place + " cannot be read (" + e.getMessage() + ")",
                    "check that the brokers run, and start again",
                    e);
        }
    }

    /** Goes on behind the record that was seen last. */
    void advance() {
        fetched.remove();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}

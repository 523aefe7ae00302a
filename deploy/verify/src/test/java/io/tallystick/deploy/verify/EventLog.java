package io.tallystick.deploy.verify;

import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topics of a running process, as any producer and consumer sees them. */
public final class EventLog implements AutoCloseable {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, TestingUp.PARTITIONS);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String bootstrap;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    public EventLog(String bootstrap) {
        this.bootstrap = bootstrap;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "linger.ms", "5",
                        "max.request.size", Integer.toString(16 << 20),
                        // Longer than any crash and restart: a producer waits for its broker, and loses nothing.
                        "delivery.timeout.ms", "300000",
                        "max.block.ms", "300000",
                        // A broker that is killed may remember only the last of the batches that it took and did not
                        // acknowledge; it would refuse those in front of it, sent again, for ever.
                        "max.in.flight.requests.per.connection", "1",
                        "reconnect.backoff.max.ms", "200"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends an event, with the tenant as key, its time as record timestamp; returns before it is acknowledged. */
    public void send(String tenant, long timestamp, String event) {
        send(tenant, timestamp, event.getBytes(StandardCharsets.UTF_8));
    }

    /** @param key null for none */
    public void send(@Nullable String key, @Nullable Long timestamp, byte[] event) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(TOPICS.usageEvents().name(), null, timestamp, keyBytes, event));
    }

    /** A record with headers or a partition of its own. */
    public void send(ProducerRecord<byte[], byte[]> record) {
        unwaited(producer.send(record, (metadata, exception) -> {
            if (exception == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.compareAndSet(null, exception);
            }
        }));
    }

    /** Says of a send that its callback, not its future, tells the outcome. */
    public static void unwaited(Future<RecordMetadata> sent) {
        Objects.requireNonNull(sent);
    }

    /** Sends one record and waits for its place. */
    public Place sendNow(ProducerRecord<byte[], byte[]> record) {
        try {
            RecordMetadata metadata = producer.send(record).get();
            return new Place(metadata.partition(), metadata.offset());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a record was not taken", e);
        }
    }

    /** A record of {@code usage.events}, with the tenant as key. */
    public static ProducerRecord<byte[], byte[]> event(String tenant, byte @Nullable [] value) {
        return new ProducerRecord<>(TOPICS.usageEvents().name(), tenant.getBytes(StandardCharsets.UTF_8), value);
    }

    /** How many events the broker has taken so far. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Returns when every event sent is acknowledged. */
    public void flush() {
        producer.flush();
        Exception exception = failure.get();
        if (exception != null) {
            throw new AssertionError("an event was not taken", exception);
        }
    }

    /** Every committed record of a topic that is there now, partition by partition. */
    public List<ConsumerRecord<byte[], byte[]>> read(Function<Topics, Topic> topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        forEach(topic, records::add);
        return records;
    }

    /** The same, one by one, for topics that are large. */
    public void forEach(Function<Topics, Topic> topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        String name = topic.apply(TOPICS).name();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo partition : consumer.partitionsFor(name)) {
                partitions.add(new TopicPartition(name, partition.partition()));
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.within(PATIENCE);
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                while (consumer.position(partition) < ends.get(partition)) {
                    deadline.check(name + " is read to its end");
                    consumer.poll(Duration.ofMillis(100)).forEach(action);
                }
            }
        }
    }

    /**
     * How many committed records a topic has. A producer that waits for a killed broker may send one again that had arrived, however idempotent it
     * is: on the topic there may be more than were sent.
     */
    public long size(Function<Topics, Topic> topic) {
        AtomicLong records = new AtomicLong();
        forEach(topic, record -> records.incrementAndGet());
        return records.get();
    }

    /** How many records and transaction markers a topic has had, whatever it is. */
    public static long count(String bootstrap, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** What Tallystick says of a dead letter. */
    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader("tallystick-" + name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}

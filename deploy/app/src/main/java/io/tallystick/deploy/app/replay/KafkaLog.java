package io.tallystick.deploy.app.replay;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A space on a running cluster, read by plain consumers of committed records: no group, no topic and no file comes of it. */
public final class KafkaLog implements LogSource {

    private static final int ANSWERED_WITHIN_MS = 15_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final String INGEST = "ingest";

    private final String bootstrap;
    private final Admin admin;
    private final Topics topics;
    private final String log;
    private final Queue<KafkaConsumer<byte[], byte[]>> idle = new ConcurrentLinkedQueue<>();

    private KafkaLog(String bootstrap, Admin admin, Topics topics, String log) {
        this.bootstrap = bootstrap;
        this.admin = admin;
        this.topics = topics;
        this.log = log;
    }

    /** Connects; a Failure when no broker answers, or the space is not there. */
    public static KafkaLog open(String bootstrap, Space space) {
        Admin admin;
        try {
            admin = Admin.create(Map.of(
                    "bootstrap.servers", bootstrap,
                    "request.timeout.ms", ANSWERED_WITHIN_MS / 2,
                    "default.api.timeout.ms", ANSWERED_WITHIN_MS));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw Failure.unreachable(
                    "the Kafka cluster " + bootstrap + " cannot be reached (" + cause.getMessage() + ")",
                    "write --kafka as HOST:PORT[,HOST:PORT…]",
                    e);
        }
        try {
            String accepted = new Topics(space, 1).usageAccepted().name();
            TopicDescription topic = answer(
                    bootstrap,
                    Objects.requireNonNull(admin.describeTopics(List.of(accepted))
                            .topicNameValues()
                            .get(accepted)));
            Topics topics = new Topics(space, topic.partitions().size());
            return new KafkaLog(bootstrap, admin, topics, topic.topicId().toString());
        } catch (Failure e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    /** The cluster's bootstrap servers. */
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public Topics topics() {
        return topics;
    }

    @Override
    public String log() {
        return log;
    }

    @Override
    public long decided(Topic topic, int partition) {
        Map<TopicPartition, OffsetAndMetadata> committed = answer(
                bootstrap,
                admin.listConsumerGroupOffsets(topics.space().applicationId(INGEST))
                        .partitionsToOffsetAndMetadata());
        if (committed.isEmpty()) {
            return end(topic, partition);
        }
        OffsetAndMetadata offset = committed.get(new TopicPartition(topic.name(), partition));
        return offset == null ? 0 : offset.offset();
    }

    @Override
    public boolean isLive() {
        return !answer(
                        bootstrap,
                        admin.listConsumerGroupOffsets(topics.space().applicationId(INGEST))
                                .partitionsToOffsetAndMetadata())
                .isEmpty();
    }

    /** How far ingest, aggregator and rater are with what they read; nothing of stages that never ran, and nothing while the brokers do not answer. */
    Collection<StageLag> lags() {
        List<StageLag> lags = new ArrayList<>();
        try {
            addLags(INGEST, topics.usageEvents(), lags);
            addLags("aggregator", topics.usageAccepted(), lags);
            addLags("rater", topics.usageTotals(), lags);
        } catch (Failure e) {
            lags.clear(); // whoever reads finds out himself
        }
        return lags;
    }

    private void addLags(String stage, Topic topic, List<StageLag> lags) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        answer(
                        bootstrap,
                        admin.listConsumerGroupOffsets(topics.space().applicationId(stage))
                                .partitionsToOffsetAndMetadata())
                .forEach((place, offset) -> {
                    if (offset != null && place.topic().equals(topic.name())) {
                        committed.put(place, offset.offset());
                    }
                });
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        committed.keySet().forEach(place -> latest.put(place, OffsetSpec.latest()));
        answer(
                        bootstrap,
                        admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all())
                .forEach(
                        (place, end) -> lags.add(new StageLag(place, committed.getOrDefault(place, 0L), end.offset())));
    }

    @Override
    public long end(Topic topic, int partition) {
        TopicPartition place = new TopicPartition(topic.name(), partition);
        return answer(
                        bootstrap,
                        admin.listOffsets(
                                        Map.of(place, OffsetSpec.latest()),
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .partitionResult(place))
                .offset();
    }

    @Override
    public void read(Topic topic, int partition, long end, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        if (end == 0) {
            return;
        }
        TopicPartition place = new TopicPartition(topic.name(), partition);
        KafkaConsumer<byte[], byte[]> consumer = borrow();
        try {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long deadline = System.nanoTime() + SILENCE_MAX.toNanos();
            long position = consumer.position(place);
            while (position < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() >= end) {
                        return;
                    }
                    reader.accept(record);
                }
                long now = consumer.position(place);
                if (now > position) {
                    deadline = System.nanoTime() + SILENCE_MAX.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw silent(place, now);
                }
                position = now;
            }
        } catch (KafkaException e) {
            throw unreadable(place, e);
        } finally {
            idle.add(consumer);
        }
    }

    @Override
    public void readAt(
            Topic topic, int partition, SortedSet<Long> offsets, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        TopicPartition place = new TopicPartition(topic.name(), partition);
        KafkaConsumer<byte[], byte[]> consumer = borrow();
        try {
            consumer.assign(List.of(place));
            NavigableMap<Long, ConsumerRecord<byte[], byte[]>> fetched = new TreeMap<>();
            long last = end(topic, partition);
            for (long offset : offsets) {
                if (offset >= last) {
                    return;
                }
                if (fetched.isEmpty() || fetched.lastKey() < offset) {
                    fetch(consumer, place, offset, fetched);
                }
                ConsumerRecord<byte[], byte[]> record = fetched.get(offset);
                if (record != null) {
                    reader.accept(record);
                }
            }
        } catch (KafkaException e) {
            throw unreadable(place, e);
        } finally {
            idle.add(consumer);
        }
    }

    /** A consumer that nobody reads with: making one costs more than reading a small partition. */
    private KafkaConsumer<byte[], byte[]> borrow() {
        KafkaConsumer<byte[], byte[]> consumer = idle.poll();
        return consumer == null ? consumer() : consumer;
    }

    /** The records from an offset on: as many as come at once. */
    private void fetch(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition place,
            long offset,
            NavigableMap<Long, ConsumerRecord<byte[], byte[]>> fetched) {
        consumer.seek(place, offset);
        fetched.clear();
        long deadline = System.nanoTime() + SILENCE_MAX.toNanos();
        while (consumer.position(place) == offset) {
            consumer.poll(POLL).forEach(record -> fetched.put(record.offset(), record));
            if (System.nanoTime() > deadline) {
                throw silent(place, offset);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "none",
                "max.poll.records",
                5_000,
                // What a consumer asks for behind the end of one reading, the next one has to wait for.
                "fetch.max.wait.ms",
                10,
                "default.api.timeout.ms",
                ANSWERED_WITHIN_MS);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Failure silent(TopicPartition place, long offset) {
        return Failure.unreachable(
                bootstrap + " has given nothing of " + place + " behind offset " + offset + " for "
                        + SILENCE_MAX.toSeconds() + " s",
                "check that the brokers run, and start again");
    }

    private Failure unreadable(TopicPartition place, KafkaException e) {
        return Failure.unreachable(
                place + " on " + bootstrap + " cannot be read (" + e.getMessage() + ")",
                "check that the brokers run, and start again",
                e);
    }

    @Override
    public void close() {
        idle.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
        admin.close(Duration.ofSeconds(2));
    }

    private static <T> T answer(String bootstrap, KafkaFuture<T> future) {
        try {
            return future.get(ANSWERED_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw Failure.wrongInput(
                        "there is no such space on " + bootstrap + ": a topic of it is missing",
                        "name the space with --space",
                        e);
            }
            throw unreachable(bootstrap, e);
        } catch (TimeoutException e) {
            throw unreachable(bootstrap, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted while waiting for " + bootstrap, "run the command again", e);
        }
    }

    private static Failure unreachable(String bootstrap, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return Failure.unreachable(
                "the Kafka cluster " + bootstrap + " cannot be reached (" + why + ")",
                "check that it runs and that --kafka names it",
                e);
    }
}

package io.tallystick.ingest.stream;

import io.tallystick.ingest.decode.TestingMessages;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The task of partition 0, with a catalogue to read; a tenant of another partition comes back by the misrouted hop at once. */
final class TestingIngest implements AutoCloseable {

    static final Topics TOPICS = new Topics(Space.DEFAULT, 12);
    static final Instant START = Instant.parse("2026-04-20T12:00:00Z");
    static final String HOME = tenant(0);
    static final String SECOND_HOME = tenant(0, HOME);
    static final String AWAY = tenant(5);

    final RevisionsInForce revisions = new RevisionsInForce();
    final AccountingView accounting = new AccountingView();
    final PendingCloses pendingCloses = new PendingCloses();
    private final Map<Integer, CatalogRevision> catalog = new TreeMap<>();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestInputTopic<byte[], byte[]> requests;
    private final TestInputTopic<byte[], byte[]> misrouted;
    private final TestOutputTopic<byte[], byte[]> accepted;
    private final TestOutputTopic<byte[], byte[]> rejected;

    TestingIngest(Path state, CatalogRevision... revisions) {
        for (CatalogRevision revision : revisions) {
            catalog.put(revision.number(), revision);
        }
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, IngestStage.NAME);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(IngestStage.topology(context()), config, START);
        events = input(TOPICS.usageEvents().name());
        requests = input(TOPICS.billingRequests().name());
        misrouted = input(TOPICS.usageMisrouted().name());
        accepted = output(TOPICS.usageAccepted().name());
        rejected = output(TOPICS.usageRejected().name());
    }

    IngestContext context() {
        CatalogReader reader = (number, patience) -> {
            CatalogRevision revision = catalog.get(number);
            if (revision == null) {
                throw new IllegalStateException("revision " + number + " after " + patience);
            }
            return revision;
        };
        return new IngestContext(TOPICS, reader, revisions, accounting, pendingCloses);
    }

    private TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(
                topic, new ByteArraySerializer(), new ByteArraySerializer(), START, Duration.ofMillis(1));
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The first tenant that lives in {@code partition} and is none of {@code others}. */
    static String tenant(int partition, String... others) {
        return IntStream.range(0, 10_000)
                .mapToObj(number -> "tenant-" + number)
                .filter(name -> TenantPartitioner.partitionOf(name, TOPICS.partitions()) == partition)
                .filter(name -> !List.of(others).contains(name))
                .findFirst()
                .orElseThrow();
    }

    void send(TestingMessages message) {
        send(message, null);
    }

    void send(TestingMessages message, @Nullable Instant recordTime) {
        TestRecord<byte[], byte[]> record = new TestRecord<>("key".getBytes(StandardCharsets.UTF_8), message.value());
        message.headers().forEach((name, value) -> record.headers().add(name, value));
        if (recordTime == null) {
            events.pipeInput(record);
        } else {
            events.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), recordTime));
        }
    }

    /** An event with the headers of something else. */
    void sendWithHeadersOf(TestingMessages message, ProducerRecord<byte[], byte[]> other) {
        TestRecord<byte[], byte[]> record = new TestRecord<>("key".getBytes(StandardCharsets.UTF_8), message.value());
        message.headers().forEach((name, value) -> record.headers().add(name, value));
        other.headers().forEach(header -> record.headers().add(header));
        events.pipeInput(record);
    }

    /** A record of another space's {@code usage.accepted} comes in. */
    void carry(AcceptedRecord record, Instant timestamp) {
        ProducerRecord<byte[], byte[]> carried = CarriedRecord.of(TOPICS, 0, record, timestamp.toEpochMilli());
        misrouted.pipeInput(new TestRecord<>(carried.key(), carried.value(), carried.headers()));
    }

    /** Bytes that are no record come in as another space's records do. */
    void carryUnreadable(AcceptedRecord like) {
        ProducerRecord<byte[], byte[]> carried = CarriedRecord.of(TOPICS, 0, like, 0);
        misrouted.pipeInput(new TestRecord<>(carried.key(), new byte[] {1, 2, 3}, carried.headers()));
    }

    void ask(BillingRequest request) {
        ask(TopicCodecs.REQUESTS.encode(request));
    }

    void ask(byte @Nullable [] request) {
        requests.pipeInput(new byte[0], request);
    }

    /** Everything new on {@code usage.accepted}. */
    List<AcceptedRecord> accepted() {
        List<AcceptedRecord> records = new ArrayList<>();
        accepted.readRecordsToList().forEach(record -> records.add(TopicCodecs.ACCEPTED.decode(record.value())));
        return records;
    }

    List<TestRecord<byte[], byte[]>> acceptedRecords() {
        return accepted.readRecordsToList();
    }

    List<TestRecord<byte[], byte[]>> rejected() {
        return rejected.readRecordsToList();
    }

    /** How many records the changelog of a store got since this was last asked. */
    int changelogged(String store) {
        String topic = IngestStage.NAME + "-" + store + "-changelog";
        return driver.producedTopicNames().contains(topic)
                ? output(topic).readRecordsToList().size()
                : 0;
    }

    /** Lets time pass, and with it a commit. */
    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    static @Nullable String header(TestRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    Counts counts() {
        return accounting.byPartition().get(0);
    }

    @Override
    public void close() {
        driver.close();
    }
}

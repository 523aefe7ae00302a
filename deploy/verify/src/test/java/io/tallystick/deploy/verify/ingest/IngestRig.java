package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.ingest.dedup.IdentityMemory;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.ingest.stream.Counts;
import io.tallystick.ingest.stream.IngestContext;
import io.tallystick.ingest.stream.IngestStage;
import io.tallystick.ingest.stream.PendingCloses;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;

/** Ingest alone on a broker of its own. Revision 1 meters tokens, revision 2 and later images as well. */
final class IngestRig implements AutoCloseable {

    static final Topics TOPICS = new Topics(Space.DEFAULT, 4);
    private static final int OTHER_REQUEST_BYTES = 300;
    static final long RECORD_TIME = Instant.parse("2026-04-20T12:00:00Z").toEpochMilli();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration DECIDED_WITHIN = Duration.ofMinutes(10);

    private final IdentityMemory memory;
    private final Path log;
    private final Path state;
    private final EmbeddedKafka kafka;
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> unsent = new AtomicReference<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AccountingView accounting = new AccountingView();
    private final RevisionsInForce revisions = new RevisionsInForce();
    private KafkaStreams stage;

    /** With so little memory that most look-ups go to the runs. */
    IngestRig(Path directory) throws Exception {
        this(directory, IdentityMemory.of(512 << 10, 1 << 20, TOPICS.partitions()));
    }

    IngestRig(Path directory, IdentityMemory memory) throws Exception {
        this.memory = memory;
        log = directory.resolve("kafka");
        state = directory.resolve("state");
        kafka = EmbeddedKafka.start(log, Ports.free(), Duration.ofHours(1));
        TestingTopics.create(kafka.bootstrap(), TOPICS.all());
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "acks",
                        "all",
                        "linger.ms",
                        "5",
                        "compression.type",
                        "lz4",
                        // A topic that was just made may refuse the first batch and take the second, behind which the
                        // first can never be written.
                        "max.in.flight.requests.per.connection",
                        1,
                        "max.request.size",
                        Topics.RECORD_BYTES_MAX),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    Map<String, Object> clients() {
        return Map.of("bootstrap.servers", kafka.bootstrap());
    }

    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.space().applicationId(IngestStage.NAME));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
        IngestContext context = new IngestContext(
                TOPICS, (number, patience) -> revision(number), revisions, accounting, new PendingCloses(), memory);
        stage = new KafkaStreams(IngestStage.topology(context), settings, IngestStage.clients(TOPICS));
        stage.setUncaughtExceptionHandler(e -> {
            failures.add(e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        stage.start();
        Deadline.within(PATIENCE).await("ingest runs", () -> stage.state() == KafkaStreams.State.RUNNING ? true : null);
    }

    void stop() {
        stage.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(PATIENCE));
    }

    void deleteState() throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    void enforce(int revision) {
        enforceBehind(0, revision);
    }

    /** @param others requests in each partition in front, of 400 bytes each, which are nothing to ingest */
    void enforceBehind(int others, int revision) {
        Random random = new Random(others);
        for (int partition = 0; partition < TOPICS.partitions(); partition++) {
            for (int other = 0; other < others; other++) {
                byte[] incompressible = new byte[OTHER_REQUEST_BYTES];
                random.nextBytes(incompressible);
                String hash = Base64.getEncoder().encodeToString(incompressible);
                request(partition, new RevisionRequested(partition, 0, hash));
            }
            request(partition, new RevisionRequested(partition, revision, "sha256:" + revision));
        }
        producer.flush();
    }

    private void request(int partition, BillingRequest request) {
        send(new ProducerRecord<>(
                TOPICS.billingRequests().name(), partition, new byte[0], TopicCodecs.REQUESTS.encode(request)));
    }

    void awaitRevision(int revision) {
        Deadline.within(PATIENCE)
                .await("revision " + revision, () -> revisions.everywhereAtLeast(revision) ? true : null);
    }

    /** @param keyed by tenant, or not at all: then nearly every event takes the misrouted hop */
    void send(String tenant, int id, String type, boolean keyed) {
        send(tenant, id, type, keyed, RECORD_TIME);
    }

    void send(String tenant, int id, String type, boolean keyed, long recordTime) {
        String event = "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"/test\",\"type\":\"" + type
                + "\",\"subject\":\"" + tenant + "\",\"data\":{\"tokens\":" + id + "}}";
        send(new ProducerRecord<>(
                TOPICS.usageEvents().name(),
                null,
                recordTime,
                keyed ? tenant.getBytes(StandardCharsets.UTF_8) : null,
                event.getBytes(StandardCharsets.UTF_8)));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        EventLog.unwaited(producer.send(record, (metadata, exception) -> {
            if (exception != null) {
                unsent.compareAndSet(null, exception);
            }
        }));
    }

    void awaitSent() {
        producer.flush();
        assertThat(unsent.get()).isNull();
    }

    /** Bytes of the files below a directory of the state, or of the partitions of a topic whose name has this in it. */
    long bytes(boolean ofState, String name) throws IOException {
        try (Stream<Path> files = Files.walk(ofState ? state : log)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(name))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    void awaitDecided(long events) {
        Deadline.within(DECIDED_WITHIN).await(events + " events are decided", () -> {
            long decided = 0;
            for (Counts counts : accounting.byPartition().values()) {
                Counts.Received received = counts.received();
                decided += counts.accepted() + counts.duplicates() + counts.rejected();
                decided += received.accepted() + received.duplicates() + received.rejected();
            }
            boolean isOver = !failures.isEmpty() || decided >= events;
            return isOver ? true : null;
        });
        assertThat(failures).isEmpty();
    }

    /** Stops the stage, so that everything is committed, and reads what it has written. */
    List<AcceptedRecord> accepted() {
        List<AcceptedRecord> records = new ArrayList<>();
        forEachAccepted(records::add);
        return records;
    }

    /** The same, one by one, when they are many. */
    void forEachAccepted(java.util.function.Consumer<AcceptedRecord> action) {
        stop();
        List<TopicPartition> partitions = IntStream.range(0, TOPICS.partitions())
                .mapToObj(partition -> new TopicPartition(TOPICS.usageAccepted().name(), partition))
                .toList();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.within(DECIDED_WITHIN);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                deadline.check("usage.accepted is read");
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    action.accept(TopicCodecs.ACCEPTED.decode(record.value()));
                }
            }
        }
    }

    @Override
    public void close() {
        if (stage != null) {
            stop();
        }
        producer.close();
        kafka.close();
    }

    private static CatalogRevision revision(int number) {
        SortedMap<String, Meter> meters = new TreeMap<>();
        meters.put("tokens", meter("tokens", "tokens.used"));
        if (number > 1) {
            meters.put("images", meter("images", "images.made"));
        }
        Catalog catalog = new Catalog(
                Catalog.Settings.DEFAULT, meters, Collections.emptySortedMap(), Collections.emptySortedMap());
        return new CatalogRevision(number, "sha256:" + number, catalog);
    }

    private static Meter meter(String name, String type) {
        return new Meter(
                name,
                "",
                type,
                Aggregation.SUM,
                DataPath.parse("$.tokens"),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                "",
                null,
                false,
                Meter.ValueKind.LEVEL,
                null);
    }
}

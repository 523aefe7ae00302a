package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
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
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest alone on a real broker, whose stores are lost: what it has accepted it knows from the changelog. */
class LostStateIT {

    private static final int EVENTS = 120_000;
    private static final int TENANTS = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Topics TOPICS = new Topics(Space.DEFAULT, 4);

    @TempDir
    private Path directory;

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AccountingView accounting = new AccountingView();

    @Test
    void theSameEventsAreDuplicatesAlsoAfterTheLocalStateIsGone() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Ports.free(), Duration.ofHours(1));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                Producer<byte[], byte[]> producer = producer(kafka.bootstrap())) {
            admin.createTopics(TOPICS.all().stream().map(LostStateIT::newTopic).toList())
                    .all()
                    .get();
            for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                producer.send(new ProducerRecord<>(
                                TOPICS.billingRequests().name(),
                                partition,
                                new byte[0],
                                TopicCodecs.REQUESTS.encode(new RevisionRequested(partition, 1, "sha256:1"))))
                        .get();
            }
            Path state = directory.resolve("state");
            try (KafkaStreams stage = stage(kafka.bootstrap(), state)) {
                stage.start();
                Deadline.within(PATIENCE).await("the revision is in force", () -> running(stage) ? true : null);
                sendAll(producer, true);
                awaitDecided(EVENTS);
                leave(stage);
            }
            delete(state);
            long start = System.nanoTime();
            try (KafkaStreams stage = stage(kafka.bootstrap(), state)) {
                stage.start();
                Deadline.within(PATIENCE).await("the stage runs again", () -> running(stage) ? true : null);
                System.out.println(
                        "restored " + EVENTS + " identities in " + (System.nanoTime() - start) / 1_000_000 + " ms");
                sendAll(producer, false);
                awaitDecided(2L * EVENTS);
                leave(stage);
            }

            assertThat(failures).isEmpty();
            Set<Identity> identities = new HashSet<>();
            List<AcceptedRecord> accepted = accepted(kafka.bootstrap());
            Map<String, Long> sequences = new HashMap<>();
            for (AcceptedRecord record : accepted) {
                if (record instanceof AcceptedEvent event) {
                    assertThat(identities.add(event.identity())).as("%s", event).isTrue();
                    assertThat(event.sequence()).isEqualTo(sequences.merge(event.tenant(), 1L, Long::sum));
                }
            }
            assertThat(identities).hasSize(EVENTS);
        }
    }

    private static boolean running(KafkaStreams stage) {
        return stage.state() == KafkaStreams.State.RUNNING;
    }

    private void awaitDecided(long events) {
        Deadline.within(PATIENCE).await(events + " events are decided", () -> {
            assertThat(failures).isEmpty();
            long decided = 0;
            for (Counts counts : accounting.byPartition().values()) {
                decided += counts.accepted() + counts.duplicates() + counts.rejected();
                decided += counts.received().accepted() + counts.received().duplicates();
            }
            return decided >= events ? true : null;
        });
    }

    private static void leave(KafkaStreams stage) {
        stage.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(PATIENCE));
    }

    /** @param keyed by tenant, or not at all: then nearly every event takes the misrouted hop */
    private static void sendAll(Producer<byte[], byte[]> producer, boolean keyed) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String tenant = "tenant-" + i % TENANTS;
            String event = "{\"specversion\":\"1.0\",\"id\":\"" + i
                    + "\",\"source\":\"/test\",\"type\":\"tokens.used\",\"subject\":\"" + tenant
                    + "\",\"data\":{\"tokens\":" + i + "}}";
            sent.add(producer.send(new ProducerRecord<>(
                    TOPICS.usageEvents().name(),
                    keyed ? tenant.getBytes(StandardCharsets.UTF_8) : null,
                    event.getBytes(StandardCharsets.UTF_8))));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private KafkaStreams stage(String bootstrap, Path state) {
        Meter tokens = new Meter(
                "tokens",
                "",
                "tokens.used",
                Aggregation.SUM,
                DataPath.parse("$.tokens"),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                "",
                null,
                false,
                Meter.ValueKind.LEVEL,
                null);
        CatalogRevision revision = new CatalogRevision(
                1,
                "sha256:1",
                new Catalog(
                        Catalog.Settings.DEFAULT,
                        new TreeMap<>(Map.of("tokens", tokens)),
                        new TreeMap<>(),
                        new TreeMap<>()));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.space().applicationId(IngestStage.NAME));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
        IngestContext context = new IngestContext(
                TOPICS, (number, patience) -> revision, new RevisionsInForce(), accounting, new PendingCloses());
        KafkaStreams streams = new KafkaStreams(IngestStage.topology(context), settings);
        streams.setUncaughtExceptionHandler(e -> {
            failures.add(e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        return streams;
    }

    private static List<AcceptedRecord> accepted(String bootstrap) {
        List<TopicPartition> partitions = IntStream.range(0, TOPICS.partitions())
                .mapToObj(partition -> new TopicPartition(TOPICS.usageAccepted().name(), partition))
                .toList();
        List<AcceptedRecord> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.within(PATIENCE);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                deadline.check("usage.accepted is read");
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    records.add(TopicCodecs.ACCEPTED.decode(record.value()));
                }
            }
        }
        return records;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static NewTopic newTopic(Topic topic) {
        return new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(topic.config());
    }

    private static Producer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", "5", "compression.type", "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}

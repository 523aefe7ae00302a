package io.tallystick.deploy.verify.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.StageClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds {@link PreCommitHook} to its promise on a real broker: sums that a processor holds back come out complete, once, and in
 * front of the markers that follow them, through a clean restart and through crashes that throw the stores away.
 */
class PreCommitHookIT {

    private static final String IN = "numbers";
    private static final String OUT = "sums";
    private static final int PARTITIONS = 4;
    private static final int KEYS = 50;
    private static final int RECORDS = 200_000;
    private static final int RECORDS_PER_MARKER = 10_000;
    private static final int CRASHES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final AtomicLong processed = new AtomicLong();
    private final ConcurrentSkipListSet<Long> crashAt = new ConcurrentSkipListSet<>();

    /** The sum of each key when each marker was sent, by the marker; and at the end, by "". */
    private final Map<String, Map<String, Long>> expected = new HashMap<>();

    @Test
    void heldBackSumsComeOutCompleteAndOnceThroughRestartsAndCrashes() throws Exception {
        Random random = Seed.random("hook");
        IntStream.range(0, CRASHES).forEach(i -> crashAt.add(1L + random.nextInt(RECORDS)));

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Ports.free(), Duration.ofHours(1))) {
            TestingTopics.createAll(
                    kafka.bootstrap(),
                    List.of(new NewTopic(IN, PARTITIONS, (short) 1), new NewTopic(OUT, PARTITIONS, (short) 1)));
            send(kafka.bootstrap(), random, RECORDS / 2);
            runUntil(kafka.bootstrap(), RECORDS / 2);
            send(kafka.bootstrap(), random, RECORDS / 2);
            runUntil(kafka.bootstrap(), RECORDS);

            assertThat(crashAt).as("crashes that did not happen").isEmpty();
            check(read(kafka.bootstrap()));
        }
    }

    private void check(List<ConsumerRecord<String, Long>> output) {
        Map<String, Long> sums = new HashMap<>();
        List<String> markers = new ArrayList<>();
        for (ConsumerRecord<String, Long> record : output) {
            if (Numbers.isMarker(record.key())) {
                markers.add(record.key());
                Map<String, Long> ofPartition = new HashMap<>(sums);
                ofPartition.keySet().removeIf(key -> Numbers.partitionOf(key) != record.partition());
                assertThat(ofPartition).as("sums in front of " + record.key()).isEqualTo(expected.get(record.key()));
            } else {
                Long before = sums.put(record.key(), record.value());
                assertThat(record.value())
                        .as("a sum that grew, not one told twice: " + record.key())
                        .isGreaterThan(before == null ? 0 : before);
            }
        }
        assertThat(sums).isEqualTo(expected.get(""));
        assertThat(markers).doesNotHaveDuplicates().hasSize(expected.size() - 1);
        assertThat(output.size() - markers.size())
                .as("far fewer sums than numbers")
                .isLessThan(RECORDS / 10);
    }

    /** Runs the application, again after each crash, until it has committed the input; then stops it cleanly. */
    private void runUntil(String bootstrap, int records) throws Exception {
        boolean done = false;
        while (!done) {
            KafkaStreams streams = new KafkaStreams(topology(), settings(bootstrap), new StageClients());
            streams.setUncaughtExceptionHandler(e -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
            streams.start();
            done = Deadline.within(PATIENCE)
                    .await("the application crashed or committed " + records + " records", () -> {
                        if (streams.state() == KafkaStreams.State.ERROR) {
                            return Boolean.FALSE;
                        }
                        return committed(bootstrap) >= records + expected.size() - 1 ? Boolean.TRUE : null;
                    });
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(PATIENCE));
        }
    }

    private Topology topology() {
        return new Topology()
                .addSource("numbers", IN)
                .addProcessor("sum", () -> new Numbers.Summing(this::crashWhenDue), "numbers")
                .addStateStore(PreCommitHook.named("hook"), "sum")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore("sums-v1"), Serdes.String(), Serdes.Long()),
                        "sum")
                .addSink(
                        "sums",
                        OUT,
                        (topic, key, value, partitions) -> Optional.of(Set.of(Numbers.partitionOf((String) key))),
                        "sum");
    }

    private void crashWhenDue() {
        if (crashAt.remove(processed.incrementAndGet())) {
            throw new IllegalStateException("a crash on purpose, at number " + processed.get());
        }
    }

    private Properties settings(String bootstrap) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "hook");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.LongSerde.class);
        settings.put("session.timeout.ms", 3000);
        settings.put("heartbeat.interval.ms", 500);
        return settings;
    }

    private void send(String bootstrap, Random random, int records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, Long> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new LongSerializer())) {
            Map<String, Long> sums = expected.computeIfAbsent("", none -> new HashMap<>());
            for (int i = 1; i <= records; i++) {
                String key = Numbers.key(random.nextInt(PARTITIONS), random.nextInt(KEYS));
                long number = 1L + random.nextInt(1000);
                sent.add(producer.send(new ProducerRecord<>(IN, Numbers.partitionOf(key), key, number)));
                sums.merge(key, number, Long::sum);
                if (i % RECORDS_PER_MARKER == 0) {
                    int partition = random.nextInt(PARTITIONS);
                    String marker = Numbers.marker(partition, expected.size());
                    sent.add(producer.send(new ProducerRecord<>(IN, partition, marker, 0L)));
                    Map<String, Long> ofPartition = new HashMap<>(sums);
                    ofPartition.keySet().removeIf(other -> Numbers.partitionOf(other) != partition);
                    expected.put(marker, ofPartition);
                }
            }
        }
        for (Future<RecordMetadata> record : sent) {
            record.get();
        }
    }

    private static long committed(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.listConsumerGroupOffsets("hook").partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        }
    }

    private static List<ConsumerRecord<String, Long>> read(String bootstrap) {
        List<ConsumerRecord<String, Long>> records = new ArrayList<>();
        try (KafkaConsumer<String, Long> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new LongDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(OUT, partition))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Deadline deadline = Deadline.within(PATIENCE);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                deadline.check("the sums are read to their end");
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}

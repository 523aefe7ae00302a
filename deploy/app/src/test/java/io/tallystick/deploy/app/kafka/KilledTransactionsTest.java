package io.tallystick.deploy.app.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of commits: each transaction is there in full or not at all, and none hangs. */
class KilledTransactionsTest {

    private static final String TOPIC = "halves";
    private static final int PARTITIONS = 24;
    private static final int PRODUCERS = 3;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void everyTransactionOfAKilledProcessIsWholeOrAbsent() throws Exception {
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            killAfter(random.nextInt(60));
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1))) {
            for (int i = 0; i < PRODUCERS; i++) {
                producer(kafka.bootstrap(), i).close(); // ends what the killed one left open
            }

            assertThat(recordsByTransaction(kafka.bootstrap()).values())
                    .isNotEmpty()
                    .allMatch(records -> records == PARTITIONS);
        }
    }

    private void killAfter(int transactions) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committing.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream()) {
            for (int i = 0; i <= transactions; i++) {
                assertThat(output.read()).isEqualTo('.'); // one is about to be committed
            }
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A process that commits transactions over all partitions until it is killed. */
    static final class Committing {
        public static void main(String[] args) throws Exception {
            EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), Ports.free(), Duration.ofHours(1));
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                if (!admin.listTopics().names().get().contains(TOPIC)) {
                    TopicCreation.create(admin, List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)));
                }
            }
            for (int i = 0; i < PRODUCERS; i++) {
                KafkaProducer<String, String> producer = producer(kafka.bootstrap(), i);
                new Thread(() -> commitForEver(producer), "producer-" + i).start();
            }
        }

        private static void commitForEver(KafkaProducer<String, String> producer) {
            while (true) {
                String transaction = Long.toString(System.nanoTime());
                producer.beginTransaction();
                IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> producer.send(new ProducerRecord<>(TOPIC, partition, null, transaction)))
                        .forEach(sent -> assertThat(sent).isNotNull());
                producer.flush();
                System.out.print('.');
                System.out.flush();
                producer.commitTransaction();
            }
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap, int number) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", "p" + number),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static Map<String, Integer> recordsByTransaction(String bootstrap) {
        Map<String, Integer> records = new TreeMap<>();
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
        try (KafkaConsumer<String, String> all = consumer(bootstrap, "read_uncommitted");
                KafkaConsumer<String, String> committed = consumer(bootstrap, "read_committed")) {
            Map<TopicPartition, Long> ends = all.endOffsets(partitions);
            committed.assign(partitions);
            committed.seekToBeginning(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> committed.position(end.getKey()) < end.getValue())) {
                assertThat(System.nanoTime() < deadline)
                        .as("no transaction hangs")
                        .isTrue();
                committed
                        .poll(Duration.ofMillis(100))
                        .forEach(record -> records.merge(record.value(), 1, Integer::sum));
            }
        }
        return records;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer());
    }
}

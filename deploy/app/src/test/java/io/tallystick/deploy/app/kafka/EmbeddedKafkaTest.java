package io.tallystick.deploy.app.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    private static final String TOPIC = "notches";
    private static final long DEADLINE_SECONDS = 30;

    @TempDir
    private Path directory;

    @Test
    void keepsRecordsAcrossARestart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1))) {
            createTopic(kafka.bootstrap());
            send(kafka.bootstrap(), "one".getBytes(StandardCharsets.UTF_8));
            send(kafka.bootstrap(), new byte[8 * 1024 * 1024]);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1))) {
            assertThat(read(kafka.bootstrap(), 2))
                    .extracting(value -> value.length)
                    .containsExactly(3, 8 * 1024 * 1024);
        }
    }

    @Test
    void keepsAcknowledgedRecordsWhenTheProcessIsKilled() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledAfterOneRecord.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream()) {
            assertThat(output.read()).isEqualTo('a'); // acknowledged
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        long startedAt = System.nanoTime();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1))) {
            assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(15));
            assertThat(read(kafka.bootstrap(), 1)).hasSize(1);
        }
    }

    @Test
    void refusesADirectoryBelowAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.exitStatus()).isEqualTo(2))
                .hasMessageContaining(file.resolve("data") + " cannot be written")
                .hasMessageContaining("--data");
    }

    @Test
    void refusesADirectoryThatAnotherHolds() {
        try (DataDirectory held = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(held.path()))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("in use by another process (process "
                            + ProcessHandle.current().pid() + ")");
        }
        DataDirectory.open(directory).close();
    }

    @Test
    void refusesAPortThatIsTaken() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> Ports.available("127.0.0.1", socket.getLocalPort(), "--kafka-port"))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.exitStatus()).isEqualTo(2))
                    .hasMessageContaining("port " + socket.getLocalPort() + " on 127.0.0.1 cannot be taken")
                    .hasMessageContaining("--kafka-port");
        }
    }

    /** A process that acknowledges one record and then waits to be killed. */
    static final class KilledAfterOneRecord {
        public static void main(String[] args) throws Exception {
            EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), Ports.free(), Duration.ofHours(1));
            createTopic(kafka.bootstrap());
            send(kafka.bootstrap(), "one".getBytes(StandardCharsets.UTF_8));
            System.out.print('a');
            System.out.flush();
            Thread.currentThread().join();
        }
    }

    private static void createTopic(String bootstrap) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            TopicCreation.create(admin, List.of(new NewTopic(TOPIC, 1, (short) 1)));
        }
    }

    private static void send(String bootstrap, byte[] value) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "max.request.size", 9 * 1024 * 1024, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static List<byte[]> read(String bootstrap, int count) {
        List<byte[]> values = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}

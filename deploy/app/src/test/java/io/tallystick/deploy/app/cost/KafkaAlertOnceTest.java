package io.tallystick.deploy.app.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaAlertOnceTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 3);

    @TempDir
    private Path directory;

    @Test
    void processesThatSayTheSameAtTheSameTimeSayItOnce() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1))) {
            create(kafka.bootstrap(), TOPICS.billingAlerts());
            List<Alert> alerts = List.of(alert("large", "84"), alert("small", "7"));
            ExecutorService processes = Executors.newFixedThreadPool(4);
            List<Future<Integer>> said = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                said.add(processes.submit(() -> sayUntilCertain(kafka.bootstrap(), alerts)));
            }
            int written = 0;
            for (Future<Integer> one : said) {
                written += one.get();
            }
            processes.shutdownNow();

            assertThat(written).isEqualTo(2);
            assertThat(read(kafka.bootstrap())).containsExactlyElementsOf(alerts);
            // Other figures of the same day are the same alert; another group is another.
            assertThat(new KafkaAlertOnce(kafka.bootstrap(), TOPICS)
                            .tell(List.of(alert("large", "80"), alert("medium", "1"))))
                    .isEqualTo(1);
            assertThat(read(kafka.bootstrap())).hasSize(3);
        }
    }

    private static int sayUntilCertain(String bootstrap, List<Alert> alerts) {
        while (true) {
            try {
                return new KafkaAlertOnce(bootstrap, TOPICS).tell(alerts);
            } catch (RuntimeException e) {
                // another process took the writer's name: it is not certain what became of these
                assertThat(e).isInstanceOf(org.apache.kafka.common.KafkaException.class);
            }
        }
    }

    private static Alert alert(String model, String metered) {
        Instant start = Instant.parse("2026-04-01T00:00:00Z");
        Period day = new Period(start, start.plus(Duration.ofDays(1)));
        return new Alert(
                "",
                Alert.Kind.COST_DRIFT,
                "",
                day,
                "tokens",
                Dimensions.of(Map.of("model", model)),
                day.end(),
                null,
                new BigDecimal("100"),
                new BigDecimal(metered),
                "off");
    }

    private static void create(String bootstrap, Topic topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            TopicCreation.create(
                    admin,
                    List.of(new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                            .configs(topic.config())));
        }
    }

    private static List<Alert> read(String bootstrap) {
        List<Alert> alerts = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                partitions.add(new TopicPartition(TOPICS.billingAlerts().name(), partition));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(50))
                        .forEach(record -> alerts.add(TopicCodecs.ALERTS.decode(record.value())));
            }
        }
        return alerts;
    }
}

package io.tallystick.deploy.verify.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.schemas.stream.StageClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the producer of {@link StageClients} sends what it was given: not when it is told to, but before it sends offsets. */
class StageClientsIT {

    private static final TopicPartition OUT = new TopicPartition("out", 0);
    private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
            Map.of(new TopicPartition("in", 0), new OffsetAndMetadata(1));

    @TempDir
    private Path directory;

    @Test
    void isInTheLogBeforeTheOffsetsAreSent() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1));
                Producer<byte[], byte[]> producer = producer(kafka.bootstrap());
                Consumer<byte[], byte[]> consumer = new StageClients()
                        .getConsumer(Map.of("bootstrap.servers", kafka.bootstrap(), "group.id", "group"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            TestingTopics.createAll(
                    kafka.bootstrap(),
                    List.of(new NewTopic("in", 1, (short) 1), new NewTopic(OUT.topic(), 1, (short) 1)));
            producer.initTransactions();

            producer.beginTransaction();
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(OUT.topic(), new byte[] {1}));
            producer.flush(); // one of many tasks is prepared
            assertThat(sent.isDone()).isFalse();
            assertThat(end(admin, IsolationLevel.READ_UNCOMMITTED)).isZero();

            producer.sendOffsetsToTransaction(OFFSETS, consumer.groupMetadata());
            assertThat(sent.isDone()).isTrue();
            assertThat(end(admin, IsolationLevel.READ_UNCOMMITTED))
                    .as("what a successor restores waits for this transaction")
                    .isEqualTo(1);
            assertThat(end(admin, IsolationLevel.READ_COMMITTED)).isZero();

            producer.commitTransaction();
            Deadline.within(Duration.ofSeconds(30))
                    .await(
                            "the record and its marker are there",
                            () -> end(admin, IsolationLevel.READ_COMMITTED) == 2 ? Boolean.TRUE : null);

            producer.beginTransaction();
            Future<RecordMetadata> aborted = producer.send(new ProducerRecord<>(OUT.topic(), new byte[] {2}));
            producer.abortTransaction();
            assertThat(aborted.get().offset()).as("no error for it").isEqualTo(2);
        }
    }

    private static Producer<byte[], byte[]> producer(String bootstrap) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", "stage");
        settings.put("linger.ms", 60_000); // nothing goes by itself
        return new StageClients().getProducer(settings);
    }

    private static long end(Admin admin, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(OUT, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(OUT)
                .get()
                .offset();
    }
}

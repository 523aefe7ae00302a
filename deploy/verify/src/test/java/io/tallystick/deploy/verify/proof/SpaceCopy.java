package io.tallystick.deploy.verify.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A copy of the topics that a replay reads, in a space of its own, with what somebody did to them on the way. */
final class SpaceCopy {

    /** What becomes of one record: the values that stand in its place. */
    interface Tampering {
        List<byte[]> of(ConsumerRecord<byte[], byte[]> record);
    }

    static final Tampering NONE = record -> List.of(record.value());

    private static final List<Function<Topics, Topic>> READ = List.of(
            Topics::usageEvents,
            Topics::usageAccepted,
            Topics::usageRejected,
            Topics::billingCatalog,
            Topics::billingInvoices);

    private SpaceCopy() {}

    /** @param tampered the topic, by its name in the default space, that {@code tampering} is asked about */
    static void make(
            String space, int partitions, EventLog log, String bootstrap, String tampered, Tampering tampering) {
        Topics topics = new Topics(new Space(space), partitions);
        Map<String, Object> connection = Map.of(
                "bootstrap.servers",
                bootstrap,
                "max.request.size",
                16 << 20,
                // A broker that does not know a new topic yet refuses the first batch, may take the second, and never
                // takes the first again.
                "max.in.flight.requests.per.connection",
                1);
        TestingTopics.create(
                bootstrap, READ.stream().map(one -> one.apply(topics)).toList());
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Function<Topics, Topic> one : READ) {
                String name = one.apply(topics).name();
                log.forEach(one, record -> {
                    Tampering applied = record.topic().equals(tampered) ? tampering : NONE;
                    for (byte[] value : applied.of(record)) {
                        EventLog.unwaited(producer.send(
                                new ProducerRecord<>(
                                        name,
                                        record.partition(),
                                        record.timestamp(),
                                        record.key(),
                                        value,
                                        record.headers()),
                                (metadata, exception) -> failure.compareAndSet(null, exception)));
                    }
                });
            }
            producer.flush();
            assertThat(failure.get()).isNull();
        }
    }
}

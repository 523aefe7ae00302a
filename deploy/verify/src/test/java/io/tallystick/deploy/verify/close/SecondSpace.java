package io.tallystick.deploy.verify.close;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Another space on the brokers of a running process that begins with nothing but a copy of what was accepted, and the catalogue. */
final class SecondSpace {

    private final Topics topics;
    private final String bootstrap;

    SecondSpace(String name, String bootstrap) {
        this.topics = new Topics(new Space(name), TestingUp.PARTITIONS);
        this.bootstrap = bootstrap;
    }

    void copyFrom(EventLog log) {
        createTopics();
        copy(log, Topics::usageAccepted);
        copy(log, Topics::billingCatalog);
    }

    private void createTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<NewTopic> all = topics.all().stream()
                    .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                            .configs(topic.config()))
                    .toList();
            admin.createTopics(all).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the topics of the second space cannot be created", e);
        }
    }

    private void copy(EventLog log, Function<Topics, Topic> topic) {
        AtomicLong sent = new AtomicLong();
        AtomicLong taken = new AtomicLong();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "max.request.size", 16 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            log.forEach(topic, record -> {
                sent.incrementAndGet();
                ProducerRecord<byte[], byte[]> copied = new ProducerRecord<>(
                        topic.apply(topics).name(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers());
                EventLog.unwaited(producer.send(copied, (metadata, exception) -> {
                    if (exception == null) {
                        taken.incrementAndGet();
                    }
                }));
            });
        }
        assertThat(taken.get()).isEqualTo(sent.get()).isPositive();
    }
}

package io.tallystick.deploy.verify.close;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Another space on the brokers of a running process that begins with nothing but a copy of what was accepted, and the catalogue. */
final class SecondSpace {

    private final Topics topics;
    private final String bootstrap;

    SecondSpace(String name, String bootstrap) {
        this.topics = new Topics(new Space(name), TestingUp.PARTITIONS);
        this.bootstrap = bootstrap;
    }

    void copyFrom(EventLog log) {
        TestingTopics.create(bootstrap, topics.all());
        copy(log, Topics::usageAccepted);
        copy(log, Topics::billingCatalog);
    }

    private void copy(EventLog log, Function<Topics, Topic> topic) {
        AtomicLong sent = new AtomicLong();
        AtomicLong taken = new AtomicLong();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "max.request.size",
                        16 << 20,
                        "max.in.flight.requests.per.connection", // none is taken in front of one that is refused
                        1),
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
                    } else {
                        failure.compareAndSet(null, exception);
                    }
                }));
            });
        }
        Exception first = failure.get();
        if (first != null) {
            throw new AssertionError("of " + sent + " records " + taken + " were taken", first);
        }
        assertThat(taken.get()).isEqualTo(sent.get()).isPositive();
    }
}

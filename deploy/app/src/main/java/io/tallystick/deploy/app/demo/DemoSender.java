package io.tallystick.deploy.app.demo;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.demo.DemoEvents.DemoEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends sample events as their producers would have, with record timestamps that follow the events' own times. */
final class DemoSender {

    private DemoSender() {}

    static void send(List<DemoEvent> events, String topic, String bootstrap) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "compression.type", "lz4", "linger.ms", 20);
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (DemoEvent event : events) {
                Future<RecordMetadata> unused = producer.send(record(topic, event), (metadata, error) -> {
                    if (error != null) {
                        failed.set(error);
                    }
                });
            }
            producer.flush();
        }
        Exception error = failed.get();
        if (error != null) {
            throw Failure.unreachable(
                    "the sample events could not be sent (" + error.getMessage() + ")", "run it again", error);
        }
    }

    @SuppressWarnings("NullAway") // a record's key may be null
    private static ProducerRecord<String, byte[]> record(String topic, DemoEvent event) {
        return new ProducerRecord<>(
                topic, null, event.recordTime(), event.key().isEmpty() ? null : event.key(), event.bytes());
    }
}

package io.tallystick.deploy.app.role;

import io.tallystick.schemas.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The Kafka clients that a process uses beside its stages. */
final class Clients {

    private static final int DELIVERED_WITHIN_MS = 20_000;
    private static final int SESSION_MS = 6_000;

    private final Map<String, Object> connection;

    Clients(String bootstrap) {
        this.connection = Map.of("bootstrap.servers", bootstrap);
    }

    /** Only how to connect. */
    Map<String, Object> connection() {
        return connection;
    }

    /** A new consumer of committed records, without a group. */
    Consumer<String, byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A new member of a group whose offsets are committed by hand; where none are, it begins at the end. */
    Consumer<String, byte[]> member(String group) {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put("group.id", group);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "latest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A new consumer of committed records that shares the partitions of what it subscribes to with the others of its group. */
    Consumer<String, byte[]> sharer(String group) {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put("group.id", group);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("session.timeout.ms", SESSION_MS);
        settings.put("heartbeat.interval.ms", SESSION_MS / 4);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A new producer that waits for all replicas and does not write twice. */
    Producer<String, byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("compression.type", "lz4");
        settings.put("linger.ms", 1);
        settings.put("max.request.size", 2 * Topics.RECORD_BYTES_MAX);
        settings.put("request.timeout.ms", DELIVERED_WITHIN_MS / 2);
        settings.put("delivery.timeout.ms", DELIVERED_WITHIN_MS);
        settings.put("max.block.ms", DELIVERED_WITHIN_MS);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}

package io.tallystick.ingest.http;

import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the events of one request to {@code usage.events} and waits until the brokers have them all.
 *
 * <p>Not in a transaction: that would cost every request a round of its own, and what it would prevent is harmless here. When the brokers
 * fail in the middle, the request is answered 503 and sent again, and what had arrived is a duplicate then.
 */
public final class EventPublisher implements AutoCloseable {

    private static final int ACKNOWLEDGED_WITHIN_MS = 15_000;
    private static final int ADMITTED_WITHIN_MS = 5_000;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;

    /** @param clients connection settings of Kafka clients */
    public EventPublisher(Topics topics, Map<String, Object> clients) {
        this.topics = topics;
        Properties config = new Properties();
        config.putAll(clients);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "2"); // requests wait for it
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(128 << 10));
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(2 * BodyAdmission.BYTES_MAX));
        config.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Integer.toString(Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(ADMITTED_WITHIN_MS));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(ACKNOWLEDGED_WITHIN_MS / 2));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(ACKNOWLEDGED_WITHIN_MS));
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        this.producer = new KafkaProducer<>(config);
    }

    /**
     * Returns when every event is acknowledged.
     *
     * @throws RequestRefused 503 when the brokers do not take it in time
     */
    void publish(List<IncomingEvent> events) throws InterruptedException {
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
            for (IncomingEvent event : events) {
                Future<RecordMetadata> one = producer.send(record(event));
                if (one.isDone()) {
                    one.get(); // not even taken: the others would wait as long, one after the other
                }
                sent.add(one);
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(2L * ACKNOWLEDGED_WITHIN_MS, TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
            // An IllegalStateException comes from a producer that has been closed: the process is stopping.
            throw RequestRefused.notReady(
                    "the brokers have not acknowledged every event; send the request again, what has arrived is counted once",
                    RETRY_AFTER_SECONDS);
        }
    }

    private ProducerRecord<byte[], byte[]> record(IncomingEvent event) {
        byte[] tenant = event.tenant().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.usageEvents().name(),
                TenantPartitioner.partitionOf(tenant, topics.partitions()),
                tenant,
                event.value());
        event.headers().forEach(header -> record.headers().add(header.getKey(), header.getValue()));
        return record;
    }

    /** Waits for what is on its way. */
    @Override
    public void close() {
        producer.close(Duration.ofMillis(ACKNOWLEDGED_WITHIN_MS));
    }
}

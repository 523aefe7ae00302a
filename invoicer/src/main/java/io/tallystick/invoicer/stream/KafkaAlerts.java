package io.tallystick.invoicer.stream;

import io.tallystick.invoicer.provider.AlertWriter;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes to {@code billing.alerts} what no stage's transaction does. */
public final class KafkaAlerts implements AlertWriter {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Topics topics;
    private final Producer<String, byte[]> producer;

    /** @param producer that waits for all replicas and does not write twice; not closed here */
    public KafkaAlerts(Topics topics, Producer<String, byte[]> producer) {
        this.topics = topics;
        this.producer = producer;
    }

    @Override
    public void write(Alert alert) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(
                            topics.billingAlerts().name(),
                            TenantPartitioner.partitionOf(alert.tenant(), topics.partitions()),
                            alert.tenant(),
                            TopicCodecs.ALERTS.encode(alert)))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the brokers did not store an alert in time", e);
        }
    }
}

package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes to {@code billing.receipts}. */
public final class KafkaReceipts {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Topics topics;
    private final Producer<String, byte[]> producer;

    /** @param producer that waits for all replicas and does not write twice; not closed here */
    public KafkaReceipts(Topics topics, Producer<String, byte[]> producer) {
        this.topics = topics;
        this.producer = producer;
    }

    /** Returns when the brokers have stored the record; a KafkaException when they may not have. */
    public void write(ReceiptRecord record) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(
                            topics.billingReceipts().name(),
                            TenantPartitioner.partitionOf(record.tenant(), topics.partitions()),
                            record.tenant(),
                            TopicCodecs.RECEIPTS.encode(record)))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the brokers did not store a receipt in time", e);
        }
    }
}

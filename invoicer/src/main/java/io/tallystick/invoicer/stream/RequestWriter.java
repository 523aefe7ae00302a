package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Asks for something in {@code billing.requests}. */
public final class RequestWriter {

    private final Topics topics;
    private final Producer<String, byte[]> producer;

    /** @param producer that waits for all replicas and does not write twice; not closed here */
    public RequestWriter(Topics topics, Producer<String, byte[]> producer) {
        this.topics = topics;
        this.producer = producer;
    }

    /** Writes the requests in their order and returns when the brokers have stored them all. */
    public void write(List<? extends BillingRequest> requests, Duration patience)
            throws BrokersSilentException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            List<Future<RecordMetadata>> pending = new ArrayList<>(requests.size());
            for (BillingRequest request : requests) {
                pending.add(producer.send(new ProducerRecord<>(
                        topics.billingRequests().name(),
                        TenantPartitioner.partitionOf(request.tenant(), topics.partitions()),
                        request.tenant(),
                        TopicCodecs.REQUESTS.encode(request))));
            }
            for (Future<RecordMetadata> stored : pending) {
                stored.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new BrokersSilentException("the brokers did not store the request in time", e);
        }
    }
}

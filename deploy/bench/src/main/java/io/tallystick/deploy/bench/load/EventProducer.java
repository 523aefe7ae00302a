package io.tallystick.deploy.bench.load;

import io.tallystick.deploy.app.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends events as a careful producer would: structured mode, keyed by tenant, lz4, acknowledged by all. */
public final class EventProducer implements AutoCloseable {

    private static final List<Header> HEADERS = List.of(new ContentType());

    private final String topic;
    private final Producer<String, byte[]> producer;
    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

    /** @param lingerMs how long a batch may wait: long for a full topic, short for latency */
    public EventProducer(String bootstrap, String topic, int lingerMs) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "compression.type",
                        "lz4",
                        "linger.ms",
                        lingerMs,
                        "batch.size",
                        128 << 10),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    public void send(EventMix.Event event) {
        Future<RecordMetadata> unused = producer.send(
                new ProducerRecord<>(topic, null, event.tenant(), event.value(), HEADERS), (metadata, error) -> {
                    if (error != null) {
                        failed.set(error);
                    }
                });
    }

    /** Waits until everything is acknowledged; a Failure when something was not. */
    public void flush() {
        producer.flush();
        Exception error = failed.get();
        if (error != null) {
            throw Failure.unreachable("events could not be sent (" + error.getMessage() + ")", "run it again", error);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private record ContentType() implements Header {

        private static final byte[] STRUCTURED = "application/cloudevents+json".getBytes(StandardCharsets.US_ASCII);

        @Override
        public String key() {
            return "content-type";
        }

        @Override
        public byte[] value() {
            return STRUCTURED;
        }
    }
}

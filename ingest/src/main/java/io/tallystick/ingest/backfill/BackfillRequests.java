package io.tallystick.ingest.backfill;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Asks ingest for what was missed, and waits until it has taken that. */
final class BackfillRequests implements AutoCloseable {

    private static final int BATCH_READINGS_MAX = 500;
    /** In UTF-16 units of their texts; one reading may have more. */
    private static final int BATCH_TEXT_MAX = 512 * 1024;

    private static final byte[] NO_TENANT = {};
    private static final long ANSWER_MS_MAX = 15_000;
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TAKEN_SECONDS_MAX = 20;

    private final Topics topics;
    private final String ingest;
    private final Producer<byte[], byte[]> producer;
    private final Admin admin;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    BackfillRequests(Topics topics, Map<String, Object> clients, String ingest) {
        this.topics = topics;
        this.ingest = ingest;
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES);
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.admin = Admin.create(new HashMap<>(clients));
    }

    /** Cuts readings into what one request may hold: at least one batch, which may be empty. */
    static List<List<MissedReading>> batches(List<MissedReading> readings) {
        List<List<MissedReading>> batches = new ArrayList<>();
        List<MissedReading> batch = new ArrayList<>();
        long text = 0;
        for (MissedReading reading : readings) {
            if (batch.size() >= BATCH_READINGS_MAX || text > BATCH_TEXT_MAX) {
                batches.add(batch);
                batch = new ArrayList<>();
                text = 0;
            }
            batch.add(reading);
            text += textOf(reading);
        }
        batches.add(batch);
        return batches;
    }

    private static long textOf(MissedReading reading) {
        String unique = reading.reading().text();
        long text = reading.tenant().length();
        text += unique == null ? 0 : unique.length();
        for (String value : reading.reading().dimensions().values().values()) {
            text += value.length();
        }
        return text;
    }

    /** Sends a request behind those before it. */
    void ask(ReadingsBackfilled request) {
        sent.add(producer.send(new ProducerRecord<>(
                topics.billingRequests().name(),
                request.partition(),
                NO_TENANT,
                TopicCodecs.REQUESTS.encode(request))));
    }

    /** Returns when everything that was asked for is in {@code usage.accepted}. */
    void awaitTaken() {
        Map<TopicPartition, Long> asked = acknowledged();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAKEN_SECONDS_MAX);
        while (!asked.isEmpty()) {
            Map<TopicPartition, Long> committed = committed();
            asked.entrySet().removeIf(entry -> committed.getOrDefault(entry.getKey(), 0L) > entry.getValue());
            if (!asked.isEmpty() && System.nanoTime() > deadline) {
                throw RequestRefused.notReady(
                        "ingest has not taken in what it was asked to fill; ask again, nothing is filled twice", 5);
            }
            LockSupport.parkNanos(asked.isEmpty() ? 0 : LOOK_EVERY_NANOS);
        }
    }

    private Map<TopicPartition, Long> acknowledged() {
        Map<TopicPartition, Long> last = new HashMap<>();
        for (Future<RecordMetadata> one : sent) {
            RecordMetadata metadata = answer(one);
            last.merge(new TopicPartition(metadata.topic(), metadata.partition()), metadata.offset(), Math::max);
        }
        sent.clear();
        return last;
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = answer(admin.listConsumerGroupOffsets(
                        Map.of(ingest, new ListConsumerGroupOffsetsSpec()),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(ingest));
        offsets.forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get(ANSWER_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the brokers do not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
    }
}

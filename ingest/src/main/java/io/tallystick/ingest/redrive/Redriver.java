package io.tallystick.ingest.redrive;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.BillingRequest.DeadLettersRedriven;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters again, each at most once per catalogue revision, with its bytes, headers and timestamp.
 *
 * <p>A task works under revisions that only go up, and writes its dead letters to one partition. So the letters of a partition that
 * were decided before a revision stand in front of all others, and how far a partition has been sent again is one offset. It is
 * written into {@code billing.requests} in the same transaction as what is sent: what comes back rejected stands behind it.
 */
public final class Redriver {

    private static final Logger LOG = LoggerFactory.getLogger(Redriver.class);

    /** Part of the name that lets only one process at a time send. */
    private static final String APPLICATION = "redrive";

    private static final int TRANSACTION_RECORDS_MAX = 500;
    private static final int TRANSACTION_MS_MAX = 10_000;
    private static final int ANSWER_MS_MAX = 20_000;
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final byte[] NO_TENANT = {};

    private final Topics topics;
    private final Map<String, Object> clients;

    /**
     * What a redrive did.
     *
     * @param skipped letters without bytes: what was too large was not kept
     */
    public record Outcome(long sent, long skipped) {}

    /** @param clients connection settings of Kafka clients */
    public Redriver(Topics topics, Map<String, Object> clients) {
        this.topics = topics;
        this.clients = Map.copyOf(clients);
    }

    /**
     * Sends every letter again that was decided under an earlier revision and has not been sent since.
     *
     * @param revision in force in every partition
     */
    public synchronized Outcome redrive(int revision) {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(producerConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions(); // whoever else was sending is fenced off, and its progress is settled
            return redrive(producer, revision);
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("redriving dead letters broke off");
            throw RequestRefused.notReady(
                    "sending dead letters again broke off; ask again, what was sent is not sent twice",
                    RETRY_AFTER_SECONDS);
        }
    }

    private Outcome redrive(Producer<byte[], byte[]> producer, int revision) {
        List<TopicPartition> partitions = RejectedEvents.partitions(topics.usageRejected());
        Map<Integer, Long> redriven = redriven();
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, TRANSACTION_RECORDS_MAX);
        long sent = 0;
        long skipped = 0;
        try (Consumer<byte[], byte[]> consumer = RejectedEvents.consumer(config)) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            partitions.forEach(partition -> consumer.seek(
                    partition,
                    Math.max(begins.getOrDefault(partition, 0L), redriven.getOrDefault(partition.partition(), 0L))));
            Set<TopicPartition> done = new HashSet<>();
            while (RejectedEvents.isBefore(consumer, ends)) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (records.isEmpty()) {
                    continue;
                }
                producer.beginTransaction();
                for (TopicPartition partition : records.partitions()) {
                    long next = -1;
                    for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                        RejectedEvent event = new RejectedEvent(record);
                        if (event.revision() >= revision || record.offset() >= ends.getOrDefault(partition, 0L)) {
                            done.add(partition);
                            break;
                        }
                        next = record.offset() + 1;
                        if (event.isWhole()) {
                            send(producer, event.again(topics.usageEvents()));
                            sent++;
                        } else {
                            skipped++;
                        }
                    }
                    if (next >= 0) {
                        send(producer, progress(partition.partition(), next, revision));
                    }
                }
                producer.commitTransaction(); // throws when one of them was not taken
                done.forEach(ends::remove);
                consumer.pause(done);
            }
        }
        return new Outcome(sent, skipped);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails when one of them does
    private static void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        producer.send(record);
    }

    private ProducerRecord<byte[], byte[]> progress(int partition, long endOffset, int revision) {
        return new ProducerRecord<>(
                topics.billingRequests().name(),
                partition,
                NO_TENANT,
                TopicCodecs.REQUESTS.encode(new DeadLettersRedriven(partition, endOffset, revision)));
    }

    /** How far each partition has been sent again. */
    private Map<Integer, Long> redriven() {
        List<TopicPartition> partitions = RejectedEvents.partitions(topics.billingRequests());
        Map<Integer, Long> redriven = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = RejectedEvents.consumer(clients)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (RejectedEvents.isBefore(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    note(record, redriven);
                }
            }
        }
        return redriven;
    }

    private static void note(ConsumerRecord<byte[], byte[]> record, Map<Integer, Long> redriven) {
        try {
            if (record.value() != null
                    && TopicCodecs.REQUESTS.decode(record.value()) instanceof DeadLettersRedriven until) {
                redriven.merge(until.partition(), until.endOffset(), Math::max);
            }
        } catch (UnreadableRecordException e) {
            LOG.atDebug()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("unreadable request passed over");
        }
    }

    private Map<String, Object> producerConfig() {
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.space().applicationId(APPLICATION));
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MS_MAX);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MS_MAX);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX / 2);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
        return config;
    }
}

package io.tallystick.deploy.app.cost;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes alerts about no single tenant to {@code billing.alerts}, each once. Who writes first takes the one transactional id that all processes share, which ends what
 * another has begun, and then reads what is there: so of two that say the same at the same time one writes it, and the other finds it there or is sent away.
 */
public final class KafkaAlertOnce implements AlertOnce {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String WRITER = "cost-schedule";

    private final String bootstrap;
    private final Topics topics;

    /** What makes two alerts the same one. */
    private record Subject(Alert.Kind kind, @Nullable String meter, Period period, Dimensions dimensions) {
        static Subject of(Alert alert) {
            return new Subject(alert.kind(), alert.meter(), alert.period(), alert.dimensions());
        }
    }

    public KafkaAlertOnce(String bootstrap, Topics topics) {
        this.bootstrap = bootstrap;
        this.topics = topics;
    }

    @Override
    public int tell(List<Alert> alerts) {
        if (alerts.isEmpty()) {
            return 0;
        }
        try (Producer<String, byte[]> producer = producer()) {
            producer.initTransactions();
            Set<Subject> told = told();
            List<Alert> fresh = new ArrayList<>();
            for (Alert alert : alerts) {
                if (told.add(Subject.of(alert))) {
                    fresh.add(alert);
                }
            }
            if (!fresh.isEmpty()) {
                producer.beginTransaction();
                fresh.forEach(alert -> write(producer, alert));
                producer.commitTransaction();
            }
            return fresh.size();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails where a send did
    private void write(Producer<String, byte[]> producer, Alert alert) {
        producer.send(new ProducerRecord<>(
                topics.billingAlerts().name(), partition(), alert.tenant(), TopicCodecs.ALERTS.encode(alert)));
    }

    private int partition() {
        return TenantPartitioner.partitionOf("", topics.partitions());
    }

    private Set<Subject> told() {
        TopicPartition place = new TopicPartition(topics.billingAlerts().name(), partition());
        Set<Subject> told = new HashSet<>();
        try (Consumer<String, byte[]> consumer = consumer()) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place), PATIENCE).getOrDefault(place, 0L);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(place, PATIENCE) < end) {
                consumer.poll(POLL).forEach(record -> take(record, told));
                if (System.nanoTime() - deadline > 0) {
                    throw new KafkaException(place + " cannot be read to its end");
                }
            }
        }
        return told;
    }

    private static void take(ConsumerRecord<String, byte[]> record, Set<Subject> told) {
        if (record.value() == null || !"".equals(record.key())) {
            return;
        }
        try {
            told.add(Subject.of(TopicCodecs.ALERTS.decode(record.value())));
        } catch (UnreadableRecordException e) {
            throw new KafkaException(
                    "an alert at " + record.partition() + "@" + record.offset() + " cannot be read", e);
        }
    }

    private Producer<String, byte[]> producer() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", topics.space().applicationId(WRITER));
        settings.put("transaction.timeout.ms", 20_000);
        settings.put("request.timeout.ms", 10_000);
        settings.put("delivery.timeout.ms", 15_000);
        settings.put("max.block.ms", PATIENCE.toMillis());
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    private Consumer<String, byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}

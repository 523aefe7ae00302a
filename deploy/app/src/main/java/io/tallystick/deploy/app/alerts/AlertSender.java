package io.tallystick.deploy.app.alerts;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every alert of {@code billing.alerts} to a webhook, in a thread of its own: in order per tenant, at least once, with an id by which a receiver knows a
 * repetition. Where it was taken is committed to Kafka, so a process that dies goes on where it was, and several processes share the partitions.
 */
public final class AlertSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertSender.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PAUSE_AFTER_ERROR_MS = 1000;
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(3);
    private static final long STOPPED_WITHIN_MS = 12_000;

    private final Topic alerts;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final WebhookPost webhook;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<TopicPartition, AlertQueue> queues = new HashMap<>();
    private final Counter delivered;
    private final Counter failed;
    private final Counter givenUp;
    private volatile int waiting;

    /** @param consumers each new one is a member of the group whose offsets say what was taken, without automatic commits, from the end where there are none */
    public AlertSender(
            Topic alerts,
            Supplier<Consumer<String, byte[]>> consumers,
            WebhookSettings settings,
            MeterRegistry registry) {
        this.alerts = alerts;
        this.consumers = consumers;
        this.webhook = new WebhookPost(settings, InstantSource.system());
        this.thread = new Thread(this::run, "alert-webhook");
        this.thread.setDaemon(true);
        this.delivered = counter(registry, "delivered");
        this.failed = counter(registry, "failed");
        this.givenUp = counter(registry, "given_up");
        Gauge.builder("tallystick.alert.webhook.waiting", this, sender -> sender.waiting)
                .description("Alerts that were read and that the webhook has not taken yet")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("tallystick.alert.webhook.attempts")
                .tag("outcome", outcome)
                .description("Attempts to hand alerts to the webhook; given_up: alerts that were tried for days")
                .register(registry);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(STOPPED_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void run() {
        try {
            while (!isStopped()) {
                try (Consumer<String, byte[]> consumer = consumers.get()) {
                    consumer.subscribe(List.of(alerts.name()), assignments(consumer));
                    while (!isStopped()) {
                        round(consumer);
                    }
                } catch (KafkaException e) {
                    queues.clear(); // what was read and not committed is read again
                    LOG.warn("alert_webhook_restarts cause={}", e.toString());
                    stopped.await(PAUSE_AFTER_ERROR_MS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads what is new, and tries the first alert of each partition whose time has come. A partition is not read on while one of its alerts waits. */
    private void round(Consumer<String, byte[]> consumer) throws InterruptedException {
        ConsumerRecords<String, byte[]> read = consumer.poll(POLL);
        for (TopicPartition partition : read.partitions()) {
            queues.computeIfAbsent(partition, any -> new AlertQueue()).add(read.records(partition));
        }
        consumer.pause(read.partitions());
        for (Map.Entry<TopicPartition, AlertQueue> entry : Map.copyOf(queues).entrySet()) {
            if (isStopped()) {
                return;
            }
            boolean answers = send(entry.getKey(), entry.getValue(), consumer);
            if (entry.getValue().isEmpty()) {
                queues.remove(entry.getKey());
                consumer.resume(Set.of(entry.getKey()));
            }
            if (!answers) {
                break; // a receiver that hangs must not keep this member from its group
            }
        }
        waiting = queues.values().stream().mapToInt(AlertQueue::size).sum();
    }

    /** Returns whether the receiver took what it was sent, if anything. */
    private boolean send(TopicPartition partition, AlertQueue queue, Consumer<String, byte[]> consumer)
            throws InterruptedException {
        var due = queue.due(System.nanoTime());
        if (due.isEmpty()) {
            return true;
        }
        ConsumerRecord<String, byte[]> record = due.get();
        String id = alerts.name() + "-" + partition.partition() + "-" + record.offset();
        WebhookPost.Outcome outcome;
        try {
            Alert alert = TopicCodecs.ALERTS.decode(record.value());
            outcome = webhook.post(id, AlertBody.of(id, alert));
        } catch (UnreadableRecordException e) {
            LOG.error("alert_unreadable id={}", id, e);
            givenUp.increment();
            done(partition, queue, record, consumer);
            return true;
        }
        if (outcome.isDelivered()) {
            delivered.increment();
            done(partition, queue, record, consumer);
            return true;
        }
        failed.increment();
        long now = System.nanoTime();
        queue.failed(now, outcome.retryAfter());
        LOG.warn("alert_not_taken id={} attempt={} cause={}", id, queue.attempts(), outcome.problem());
        if (queue.triedFor(now).compareTo(GIVEN_UP_AFTER) > 0) {
            LOG.error("alert_given_up id={} attempts={} cause={}", id, queue.attempts(), outcome.problem());
            givenUp.increment();
            done(partition, queue, record, consumer);
        }
        return false;
    }

    private static void done(
            TopicPartition partition,
            AlertQueue queue,
            ConsumerRecord<String, byte[]> record,
            Consumer<String, byte[]> consumer) {
        queue.done();
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
    }

    private ConsumerRebalanceListener assignments(Consumer<String, byte[]> consumer) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(queues::remove);
            }

            /** From the first time on, a position is kept: alerts that come while nobody runs are not passed over. */
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                Map<TopicPartition, OffsetAndMetadata> taken = consumer.committed(Set.copyOf(partitions));
                Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
                for (TopicPartition partition : partitions) {
                    if (taken.get(partition) == null) {
                        first.put(partition, new OffsetAndMetadata(consumer.position(partition)));
                    }
                }
                if (!first.isEmpty()) {
                    consumer.commitSync(first);
                }
            }
        };
    }
}

package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.EventProducer;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * From the call that sends an event to a reader of committed records that has its total, and its charge, while others come at an even
 * rate. Each measured event is the only one of its tenant in its round, so that nothing else changes that total.
 */
final class Latency {

    private static final int PROBES_PER_SECOND = 50;
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration LAST_PROBE = Duration.ofSeconds(20);
    private static final Duration FETCH = Duration.ofMillis(20);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final String bootstrap;
    private final Topics topics;
    private final AtomicLongArray sentAt;
    private final AtomicLongArray totalAt;
    private final AtomicLongArray chargeAt;
    private final int probes;
    private final int round;
    private int measured;

    /** Milliseconds; -1 where nothing arrived. */
    @SuppressWarnings("ArrayRecordComponent") // read once, for the report
    record Result(double eventsPerSecond, int probes, int missing, long[] toTotal, long[] toCharge) {}

    /** @param round a number that no other measuring on these topics has */
    Latency(String bootstrap, Topics topics, Duration length, int round) {
        this.round = round;
        this.bootstrap = bootstrap;
        this.topics = topics;
        this.probes =
                (int) Math.max(20, Math.min(EventMix.PROBE_TENANTS, length.toMillis() * PROBES_PER_SECOND / 1000));
        this.sentAt = new AtomicLongArray(probes);
        this.totalAt = new AtomicLongArray(probes);
        this.chargeAt = new AtomicLongArray(probes);
    }

    /** @param mix of events that were not sent before, from its first on */
    Result measure(EventMix mix, long firstPlace, double eventsPerSecond, boolean warmUp) throws InterruptedException {
        return measure(mix, firstPlace, eventsPerSecond, warmUp, () -> true);
    }

    /** @param goesOn whether more is to be measured, for its full length at most */
    Result measure(EventMix mix, long firstPlace, double eventsPerSecond, boolean warmUp, BooleanSupplier goesOn)
            throws InterruptedException {
        Reader totals = new Reader(topics.usageTotals().name(), this::total);
        Reader charges = new Reader(topics.billingCharges().name(), this::charge);
        totals.start();
        charges.start();
        try (EventProducer producer =
                new EventProducer(bootstrap, topics.usageEvents().name(), 2)) {
            totals.awaitReading();
            charges.awaitReading();
            send(producer, mix, firstPlace, eventsPerSecond, warmUp ? WARM_UP : Duration.ofMillis(200), goesOn);
            producer.flush();
            long deadline = System.nanoTime() + LAST_PROBE.toNanos();
            while (System.nanoTime() < deadline && missing() > 0) {
                Run.pause();
            }
        } finally {
            totals.end();
            charges.end();
        }
        return new Result(eventsPerSecond, measured, missing(), sorted(totalAt), sorted(chargeAt));
    }

    private void send(
            EventProducer producer,
            EventMix mix,
            long firstPlace,
            double eventsPerSecond,
            Duration warmUp,
            BooleanSupplier goesOn)
            throws InterruptedException {
        long startedAt = System.nanoTime();
        long sent = 0;
        int probe = 0;
        while (probe < probes && goesOn.getAsBoolean()) {
            double elapsed = (System.nanoTime() - startedAt) / 1e9;
            long due = (long) (elapsed * eventsPerSecond);
            for (; sent < due; sent++) {
                producer.send(mix.at(firstPlace + sent));
            }
            int dueProbes = (int) ((elapsed - warmUp.toMillis() / 1e3) * PROBES_PER_SECOND);
            for (; probe < Math.min(probes, dueProbes); probe++) {
                sentAt.set(probe, System.nanoTime());
                producer.send(EventMix.probe(round, probe, Instant.now()));
            }
            Run.pause(Duration.ofNanos(STEP_NANOS));
        }
        measured = probe;
    }

    private int missing() {
        int missing = 0;
        for (int probe = 0; probe < measured; probe++) {
            if (totalAt.get(probe) == 0 || chargeAt.get(probe) == 0) {
                missing++;
            }
        }
        return missing;
    }

    private long[] sorted(AtomicLongArray arrivedAt) {
        long[] millis = new long[measured];
        for (int probe = 0; probe < measured; probe++) {
            millis[probe] = arrivedAt.get(probe) == 0
                    ? Long.MAX_VALUE
                    : TimeUnit.NANOSECONDS.toMillis(arrivedAt.get(probe) - sentAt.get(probe));
        }
        Arrays.sort(millis);
        return millis;
    }

    private void total(byte[] value, long now) {
        if (TopicCodecs.TOTALS.decode(value) instanceof WindowTotal total) {
            arrived(totalAt, total.tenant(), now);
        }
    }

    private void charge(byte[] value, long now) {
        if (TopicCodecs.CHARGES.decode(value) instanceof ChargeLine charge
                && charge.line().amount().signum() > 0) {
            arrived(chargeAt, charge.tenant(), now);
        }
    }

    private void arrived(AtomicLongArray at, String tenant, long now) {
        if (tenant.startsWith("probe-")) {
            int probe = Integer.parseInt(tenant.substring(tenant.length() - 4));
            if (probe < probes) {
                at.compareAndSet(probe, 0, now);
            }
        }
    }

    private interface Arrival {
        void take(byte[] value, long now);
    }

    /** Reads committed records from the end on, in a thread of its own. */
    private final class Reader extends Thread {

        private final String topic;
        private final Arrival arrival;
        private final CountDownLatch reading = new CountDownLatch(1);
        private volatile boolean isEnded;

        Reader(String topic, Arrival arrival) {
            super("reader-" + topic);
            this.topic = topic;
            this.arrival = arrival;
            setDaemon(true);
        }

        void awaitReading() throws InterruptedException {
            if (!reading.await(LAST_PROBE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(topic + " cannot be read");
            }
        }

        void end() throws InterruptedException {
            isEnded = true;
            join();
        }

        @Override
        public void run() {
            Map<String, Object> settings = new HashMap<>();
            settings.put("bootstrap.servers", bootstrap);
            settings.put("isolation.level", "read_committed");
            settings.put("enable.auto.commit", false);
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < topics.partitions(); partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
            try (KafkaConsumer<String, byte @Nullable []> consumer =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(partitions);
                consumer.seekToEnd(partitions);
                partitions.forEach(consumer::position);
                reading.countDown();
                while (!isEnded) {
                    for (ConsumerRecord<String, byte @Nullable []> record : consumer.poll(FETCH)) {
                        byte @Nullable [] value = record.value();
                        if (value != null
                                && record.key() != null
                                && record.key().contains("probe-")) {
                            arrival.take(value, System.nanoTime());
                        }
                    }
                }
            }
        }
    }
}

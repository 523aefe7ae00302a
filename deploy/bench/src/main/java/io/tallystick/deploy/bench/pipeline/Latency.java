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

    private static final int PROBES_PER_SECOND = 20;
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    /** So many events come at the end of warming up that are looked for and not counted: readers, and what a new tenant needs, are warm too. */
    private static final int WARM_UP_PROBES = 5 * PROBES_PER_SECOND;

    /** A producer's own default. */
    private static final int LINGER_MS = 5;

    private static final Duration LAST_PROBE = Duration.ofSeconds(20);
    private static final Duration FETCH = Duration.ofMillis(20);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final String bootstrap;
    private final Topics topics;
    private final AtomicLongArray sentAt;
    private final AtomicLongArray totalAt;
    private final AtomicLongArray chargeAt;
    /** Of these, the first {@link #notCounted}. */
    private final int probes;

    private final int notCounted;
    private final Duration warmUp;
    private final int round;
    private int sent;

    /** Milliseconds; -1 where nothing arrived. */
    @SuppressWarnings("ArrayRecordComponent") // read once, for the report
    record Result(double eventsPerSecond, int probes, int missing, long[] toTotal, long[] toCharge) {}

    /**
     * @param warmUp whether to measure behind a minute of the same
     * @param round a number that no other measuring on these topics has
     */
    Latency(String bootstrap, Topics topics, Duration length, boolean warmUp, int round) {
        this.round = round;
        this.warmUp = warmUp ? WARM_UP : Duration.ofMillis(200);
        this.notCounted = warmUp ? WARM_UP_PROBES : 0;
        this.bootstrap = bootstrap;
        this.topics = topics;
        long counted = Math.max(20, length.toMillis() * PROBES_PER_SECOND / 1000);
        this.probes = (int) Math.min(EventMix.PROBE_TENANTS, notCounted + counted);
        this.sentAt = new AtomicLongArray(probes);
        this.totalAt = new AtomicLongArray(probes);
        this.chargeAt = new AtomicLongArray(probes);
    }

    /** @param mix of events that were not sent before, from its first on */
    Result measure(EventMix mix, double eventsPerSecond) throws InterruptedException {
        return measure(mix, eventsPerSecond, () -> true);
    }

    /** @param goesOn whether more is to be measured, for its full length at most */
    Result measure(EventMix mix, double eventsPerSecond, BooleanSupplier goesOn) throws InterruptedException {
        Reader totals = new Reader(topics.usageTotals().name(), this::total);
        Reader charges = new Reader(topics.billingCharges().name(), this::charge);
        totals.start();
        charges.start();
        try (EventProducer producer =
                new EventProducer(bootstrap, topics.usageEvents().name(), LINGER_MS)) {
            totals.awaitReading();
            charges.awaitReading();
            send(producer, mix, eventsPerSecond, goesOn);
            producer.flush();
            long deadline = System.nanoTime() + LAST_PROBE.toNanos();
            while (System.nanoTime() < deadline && missing() > 0) {
                Run.pause();
            }
        } finally {
            totals.end();
            charges.end();
        }
        return new Result(eventsPerSecond, sent - notCounted, missing(), sorted(totalAt), sorted(chargeAt));
    }

    private void send(EventProducer producer, EventMix mix, double eventsPerSecond, BooleanSupplier goesOn)
            throws InterruptedException {
        long startedAt = System.nanoTime();
        double probesFrom = warmUp.toMillis() / 1e3 - (double) notCounted / PROBES_PER_SECOND;
        long events = 0;
        while (sent < probes && goesOn.getAsBoolean()) {
            double elapsed = (System.nanoTime() - startedAt) / 1e9;
            long due = (long) (elapsed * eventsPerSecond);
            for (; events < due; events++) {
                producer.send(mix.at(events));
            }
            int dueProbes = (int) ((elapsed - probesFrom) * PROBES_PER_SECOND);
            for (; sent < Math.min(probes, dueProbes); sent++) {
                sentAt.set(sent, System.nanoTime());
                producer.send(EventMix.probe(round, sent, Instant.now()));
            }
            Run.pause(Duration.ofNanos(STEP_NANOS));
        }
    }

    private int missing() {
        int missing = 0;
        for (int probe = notCounted; probe < sent; probe++) {
            if (totalAt.get(probe) == 0 || chargeAt.get(probe) == 0) {
                missing++;
            }
        }
        return missing;
    }

    private long[] sorted(AtomicLongArray arrivedAt) {
        long[] millis = new long[sent - notCounted];
        for (int at = 0; at < millis.length; at++) {
            int probe = notCounted + at;
            millis[at] = arrivedAt.get(probe) == 0
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

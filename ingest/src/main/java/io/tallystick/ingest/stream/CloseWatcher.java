package io.tallystick.ingest.stream;

import io.tallystick.ingest.stream.PendingCloses.Pending;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases closes: when ingest has committed past everything that stood in {@code usage.events} at the request, and then past everything
 * that it had forwarded by then, it says so in {@code billing.requests}. The task that reads it there writes the marker, which so
 * stands behind all of it. Saying it twice is harmless; all that is remembered is what the tasks have stored.
 */
public final class CloseWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CloseWatcher.class);

    private static final long LOOK_EVERY_MS = 50;
    private static final long CLOSE_SECONDS_MAX = 5;
    /** A release that has not arrived after so many looks is said again. */
    private static final int LOOKS_UNTIL_REPEATED = 200;
    /** A committed offset that has not moved for so long may stand in front of a gap without records. */
    private static final int LOOKS_UNTIL_PROBED = 10;

    private final Topics topics;
    private final PendingCloses pending;
    private final CommittedEnds offsets;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService looking;

    /** Where the misrouted topic ended, in the tenant's partition, when all of its {@code usage.events} were through; by close. */
    private final Map<String, Long> misroutedEnds = new HashMap<>();

    private final Map<TopicPartition, Stalled> stalled = new HashMap<>();

    /** How many looks ago a close was released that still waits. */
    private final Map<String, Integer> releasedLooksAgo = new HashMap<>();
    /** What was worked out in this look, which asks the same for many closes. */
    private final Map<End, Boolean> pastInThisLook = new HashMap<>();

    private record Stalled(long committed, int looks) {}

    private record End(TopicPartition partition, long offset) {}

    /**
     * @param clients connection settings of Kafka clients
     * @param group ingest's application id
     */
    public CloseWatcher(Topics topics, PendingCloses pending, Map<String, Object> clients, String group) {
        this.topics = topics;
        this.pending = pending;
        this.offsets = new CommittedEnds(clients, group);
        Properties config = new Properties();
        config.putAll(clients);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        this.producer = new KafkaProducer<>(config);
        this.looking = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "tallystick-close-watcher");
            thread.setDaemon(true);
            return thread;
        });
    }

    public void start() {
        ScheduledFuture<?> unused =
                looking.scheduleWithFixedDelay(this::lookOrLog, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        looking.shutdownNow();
        try {
            if (!looking.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.atWarn().log("the close watcher is still looking");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(CLOSE_SECONDS_MAX));
        offsets.close();
    }

    private void lookOrLog() {
        try {
            if (!pending.isEmpty()) {
                look();
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Nothing is decided here: what could not be seen now is seen at a later look.
            LOG.atWarn().setCause(e).log("looking after pending closes failed; trying again");
        }
    }

    private void look() throws InterruptedException {
        Map<String, Pending> waiting = pending.view();
        misroutedEnds.keySet().retainAll(waiting.keySet());
        releasedLooksAgo.keySet().retainAll(waiting.keySet());
        pastInThisLook.clear();
        Map<TopicPartition, Long> committed = offsets.committed();

        Map<String, Pending> through = new HashMap<>();
        waiting.forEach((key, close) -> {
            if (!misroutedEnds.containsKey(key) && isPast(close.request().endOffsets(), committed)) {
                through.put(key, close);
            }
        });
        noteMisroutedEnds(through);

        List<CloseRequested> released = new ArrayList<>();
        waiting.forEach((key, close) -> {
            Long end = misroutedEnds.get(key);
            // Those noted just now wait for the next look: the offsets here are older than their ends.
            if (end != null && !through.containsKey(key) && isPast(misrouted(close.partition()), end, committed)) {
                int looksAgo = releasedLooksAgo.merge(key, 1, Integer::sum) - 1;
                if (looksAgo % LOOKS_UNTIL_REPEATED == 0) {
                    released.add(close.request());
                }
            }
        });
        release(released);
    }

    private void noteMisroutedEnds(Map<String, Pending> through) throws InterruptedException {
        if (through.isEmpty()) {
            return;
        }
        Set<TopicPartition> partitions = new HashSet<>();
        through.values().forEach(close -> partitions.add(misrouted(close.partition())));
        Map<TopicPartition, Long> ends = offsets.ends(partitions);
        through.forEach((key, close) -> misroutedEnds.put(key, ends.getOrDefault(misrouted(close.partition()), 0L)));
    }

    private boolean isPast(List<Long> ends, Map<TopicPartition, Long> committed) {
        boolean past = true;
        for (int partition = 0; partition < ends.size(); partition++) {
            TopicPartition events = new TopicPartition(topics.usageEvents().name(), partition);
            past &= isPast(events, ends.get(partition), committed);
        }
        return past;
    }

    private boolean isPast(TopicPartition partition, long end, Map<TopicPartition, Long> committed) {
        End asked = new End(partition, end);
        Boolean known = pastInThisLook.get(asked);
        if (known == null) {
            known = workOut(partition, end, committed);
            pastInThisLook.put(asked, known);
        }
        return known;
    }

    private boolean workOut(TopicPartition partition, long end, Map<TopicPartition, Long> committed) {
        long reached = committed.getOrDefault(partition, 0L);
        if (reached >= end) {
            stalled.remove(partition);
            return true;
        }
        Stalled before = stalled.get(partition);
        int looks = before != null && before.committed() == reached ? before.looks() + 1 : 1;
        stalled.put(partition, new Stalled(reached, looks));
        return looks >= LOOKS_UNTIL_PROBED && offsets.isEmptyBetween(partition, reached, end);
    }

    private void release(List<CloseRequested> closes) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(closes.size());
        for (CloseRequested close : closes) {
            BillingRequest released =
                    new CloseReleased(close.tenant(), close.subscription(), close.period(), close.attempt());
            sent.add(producer.send(new ProducerRecord<>(
                    topics.billingRequests().name(),
                    close.tenant().getBytes(StandardCharsets.UTF_8),
                    TopicCodecs.REQUESTS.encode(released))));
        }
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new CommittedEnds.BrokersSilent("a release was not acknowledged", e);
            }
        }
    }

    private TopicPartition misrouted(int partition) {
        return new TopicPartition(topics.usageMisrouted().name(), partition);
    }
}

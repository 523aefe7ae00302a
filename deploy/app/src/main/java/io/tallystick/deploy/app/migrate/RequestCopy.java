package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.ingest.backfill.BackfillProgress;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.DeadLettersRedriven;
import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Copies {@code billing.requests}, as far as anybody looks back at them: what came of them is in {@code usage.accepted}, so ingest is to begin behind them.
 * What names places of one partition is said anew for the partitions there are now.
 */
final class RequestCopy {

    private final LogSource from;
    private final Topics to;
    private final SpaceWriter writer;
    private final long[] ends;
    private final Set<Close> pending = new HashSet<>();
    private final Set<String> subscriptions = new HashSet<>();
    private final Map<Meter, Map<Integer, BackfillProgress>> backfills = new LinkedHashMap<>();
    private final Map<Meter, Integer> backfillRevisions = new HashMap<>();
    private @Nullable RevisionRequested newest;
    private long newestAt;

    private record Close(String subscription, Period period, int attempt) {}

    private record Meter(String meter, int since) {}

    RequestCopy(LogSource from, Topics to, SpaceWriter writer) {
        this.from = from;
        this.to = to;
        this.writer = writer;
        this.ends = new long[to.partitions()];
    }

    /** Copies them; a Failure while something is under way. Gives the offsets that ingest is to begin at. */
    List<Long> copy(Places rejected) {
        Topic topic = from.topics().billingRequests();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            from.read(topic, partition, from.end(topic, partition), record -> take(record, rejected));
        }
        if (!pending.isEmpty()) {
            Close one = pending.iterator().next();
            throw Failure.checkFailed(
                    pending.size() + " closes are under way, one of " + one.subscription() + " for " + one.period(),
                    "wait until 'tallystick invoices' shows them, and migrate again");
        }
        RevisionRequested last = newest;
        for (int partition = 0; last != null && partition < to.partitions(); partition++) {
            write(partition, new RevisionRequested(partition, last.revision(), last.hash()), newestAt);
        }
        List<Long> begin = new ArrayList<>();
        for (long end : ends) {
            begin.add(end);
        }
        backfills.forEach(this::backfilled);
        writer.flush();
        return begin;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Places rejected) {
        BillingRequest request;
        try {
            request = record.value() == null ? null : TopicCodecs.REQUESTS.decode(record.value());
        } catch (UnreadableRecordException e) {
            return; // ingest has skipped it
        }
        if (request instanceof RevisionRequested revision) {
            if (newest == null || revision.revision() > newest.revision()) {
                newest = revision;
                newestAt = record.timestamp();
            }
        } else if (request instanceof ReadingsBackfilled readings) {
            Meter meter = new Meter(readings.meter(), readings.since());
            backfillRevisions.merge(meter, readings.revision(), Math::max);
            backfills
                    .computeIfAbsent(meter, any -> new HashMap<>())
                    .merge(
                            record.partition(),
                            BackfillProgress.NONE.after(readings),
                            (before, any) -> before.after(readings));
        } else if (request instanceof DeadLettersRedriven redriven) {
            if (to.partitions() >= from.topics().partitions()) { // else a prefix of one is none of several
                long end = rejected.endOf(redriven.partition(), redriven.endOffset());
                write(
                        rejected.partition(redriven.partition()),
                        new DeadLettersRedriven(rejected.partition(redriven.partition()), end, redriven.revision()),
                        record.timestamp());
            }
        } else if (request != null && !(request instanceof EventVoidRequested)) {
            note(request);
            write(TenantPartitioner.partitionOf(request.tenant(), to.partitions()), request, record.timestamp());
        }
    }

    private void note(BillingRequest request) {
        if (request instanceof SubscriptionRequested set) {
            subscriptions.add(set.subscription());
        } else if (request instanceof CloseRequested close && subscriptions.contains(close.subscription())) {
            pending.add(new Close(close.subscription(), close.period(), close.attempt()));
        } else if (request instanceof CloseReleased released) {
            pending.remove(new Close(released.subscription(), released.period(), released.attempt()));
        }
    }

    /** A meter that is filled everywhere back to one instant is so in the new partitions, and nothing is filled twice. */
    private void backfilled(Meter meter, Map<Integer, BackfillProgress> byPartition) {
        Set<Long> froms = new HashSet<>();
        boolean isComplete = byPartition.size() == from.topics().partitions();
        for (BackfillProgress progress : byPartition.values()) {
            froms.add(progress.from());
            isComplete &= progress.isComplete();
        }
        if (!isComplete || froms.size() != 1) {
            throw Failure.checkFailed(
                    "the backfill of " + meter.meter() + " is not through",
                    "run 'tallystick backfill' for it again until it is, and migrate then");
        }
        for (int partition = 0; partition < to.partitions(); partition++) {
            write(
                    partition,
                    new ReadingsBackfilled(
                            partition,
                            meter.meter(),
                            meter.since(),
                            backfillRevisions.getOrDefault(meter, meter.since()),
                            froms.iterator().next(),
                            BackfillProgress.NONE.from(),
                            0,
                            1,
                            true,
                            List.of()),
                    newestAt);
        }
    }

    private void write(int partition, BillingRequest request, long timestamp) {
        writer.write(new ProducerRecord<>(
                to.billingRequests().name(),
                partition,
                timestamp,
                request.tenant().getBytes(StandardCharsets.UTF_8),
                TopicCodecs.REQUESTS.encode(request)));
        ends[partition]++;
    }
}

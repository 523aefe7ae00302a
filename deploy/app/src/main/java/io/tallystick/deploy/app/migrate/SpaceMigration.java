package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.migrate.RebuiltSpace.Books;
import io.tallystick.deploy.app.replay.Finding;
import io.tallystick.deploy.app.replay.KafkaLog;
import io.tallystick.deploy.app.replay.LegibleRecord;
import io.tallystick.deploy.app.replay.RecordedRevisions;
import io.tallystick.deploy.app.role.QuietStages;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes a space with another number of partitions out of one that is at rest: copies what it was told, lets the stages decide the rest again, and keeps the new one
 * only if everything in it is the same. The old one is only read.
 */
public final class SpaceMigration {

    private static final Duration REST_PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_MS = 250;
    private static final String INGEST = "ingest";

    private final KafkaLog from;
    private final String bootstrap;
    private final Topics to;
    private final Path directory;
    private final AtomicLong written = new AtomicLong();

    /**
     * What came of it.
     *
     * @param events how many raw events the new space has
     * @param accepted how many accepted records, revisions aside
     * @param open how many of the deliveries something will still be sent for
     * @param differences empty when the new space is kept
     */
    public record Report(
            String fromSpace,
            String toSpace,
            int partitions,
            long events,
            long accepted,
            int invoices,
            int deliveries,
            int open,
            List<Finding> differences) {
        public Report {
            differences = List.copyOf(differences);
        }
    }

    /** @param directory for stores in the meantime; whoever made it removes it */
    public SpaceMigration(KafkaLog from, Space to, int partitions, Path directory) {
        this.from = from;
        this.bootstrap = from.bootstrap();
        this.to = new Topics(to, partitions);
        this.directory = directory;
    }

    /** How many records are written so far. */
    public long progress() {
        return written.get();
    }

    /** @param discards whether what a killed migration to this space has left is removed first */
    public Report run(boolean discards) {
        if (to.space().equals(from.topics().space()) || to.space().equals(Space.DEFAULT)) {
            throw Failure.wrongInput(
                    "--to-space " + to.space().name() + " is not a space of its own", "name one that is not there yet");
        }
        requireRest();
        requireReadable();
        List<Long> ends = ends();
        try (NewSpace space = NewSpace.claim(bootstrap, to, discards);
                QuietStages stages = QuietStages.prepare(bootstrap, to, directory)) {
            Report report = move(stages);
            if (!ends().equals(ends)) {
                throw Failure.checkFailed(
                        "space " + from.topics().space().name()
                                + " was written to in the meantime; the new one is removed",
                        "stop producers and the scheduler, and migrate again");
            }
            if (report.differences().isEmpty()) {
                space.keep();
            }
            return report;
        }
    }

    /** What would be found out only after everything was copied. */
    private void requireReadable() {
        if (RecordedRevisions.readWhole(from).newest().isEmpty()) {
            throw Failure.wrongInput(
                    "space " + from.topics().space().name() + " has no catalogue", "there is nothing to migrate yet");
        }
        Books.of(from);
        OpenDeliveries.of(from);
    }

    private Report move(QuietStages stages) {
        long events;
        long accepted;
        try (SpaceWriter writer = new SpaceWriter(bootstrap, written)) {
            SpaceCopy copy = new SpaceCopy(from, bootstrap, to, writer);
            copy.catalog();
            long catalog = written.get();
            Places places = copy.events();
            events = written.get() - catalog;
            Places rejected = copy.rejected(places);
            receipts(writer);
            List<Long> requests = new RequestCopy(from, to, writer).copy(rejected);
            begin(stages.admin(), requests);
            accepted = copy.accepted(places);
        }
        stages.start();
        try (KafkaLog after = KafkaLog.open(bootstrap, to.space())) {
            RebuiltSpace rebuilt = new RebuiltSpace(after, stages);
            Books made = rebuilt.await(Books.of(from));
            Books wanted = Books.of(from);
            List<Finding> differences = new ArrayList<>(RebuiltSpace.differences(wanted, made));
            Map<String, DeliveryState> open = OpenDeliveries.of(from);
            if (!OpenDeliveries.of(after).equals(open)) {
                differences.add(new Finding(
                        to.billingReceipts().name(), "does not say the same of what is still to be delivered"));
            }
            long there = rebuilt.accepted();
            if (there != accepted) {
                differences.add(new Finding(
                        to.usageAccepted().name(), "has " + there + " records of " + accepted + " that were copied"));
            }
            return new Report(
                    from.topics().space().name(),
                    to.space().name(),
                    to.partitions(),
                    events,
                    accepted,
                    wanted.invoices().size(),
                    wanted.deliveries().size(),
                    open.size(),
                    differences);
        }
    }

    /** What came of deliveries, so that none is made again; and which webhooks came. */
    private void receipts(SpaceWriter writer) {
        Topic topic = from.topics().billingReceipts();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            from.read(topic, partition, from.end(topic, partition), record -> {
                String tenant =
                        LegibleRecord.content(TopicCodecs.RECEIPTS, record).tenant();
                writer.write(new ProducerRecord<>(
                        to.billingReceipts().name(),
                        TenantPartitioner.partitionOf(tenant, to.partitions()),
                        record.timestamp(),
                        record.key(),
                        record.value()));
            });
        }
        writer.flush();
    }

    /** Ingest begins behind what was copied: all of it is decided. */
    private void begin(Admin admin, List<Long> requests) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        try (KafkaLog after = KafkaLog.open(bootstrap, to.space())) {
            for (int partition = 0; partition < to.partitions(); partition++) {
                Topic events = to.usageEvents();
                offsets.put(
                        new TopicPartition(events.name(), partition),
                        new OffsetAndMetadata(after.end(events, partition)));
                offsets.put(
                        new TopicPartition(to.billingRequests().name(), partition),
                        new OffsetAndMetadata(requests.get(partition)));
            }
        }
        try {
            admin.alterConsumerGroupOffsets(to.space().applicationId(INGEST), offsets)
                    .all()
                    .get(REST_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.unreachable(
                    "where ingest of the new space begins cannot be stored (" + e.getMessage() + ")",
                    "check that the brokers run",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "start again", e);
        }
    }

    private List<Long> ends() {
        List<Long> ends = new ArrayList<>();
        for (Function<Topics, Topic> one : List.<Function<Topics, Topic>>of(
                Topics::billingCatalog,
                Topics::usageEvents,
                Topics::billingRequests,
                Topics::usageAccepted,
                Topics::billingReceipts)) {
            Topic topic = one.apply(from.topics());
            for (int partition = 0; partition < topic.partitions(); partition++) {
                ends.add(from.end(topic, partition));
            }
        }
        return ends;
    }

    /** Everything that came in is decided. */
    private void requireRest() {
        long deadline = System.nanoTime() + REST_PATIENCE.toNanos();
        while (true) {
            String behind = behind();
            if (behind.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw Failure.checkFailed(
                        "ingest of space " + from.topics().space().name() + " is not through with " + behind,
                        "stop the producers, and migrate when it is");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.unreachable("interrupted", "start again", e);
            }
        }
    }

    private String behind() {
        Topics topics = from.topics();
        for (Topic topic : List.of(topics.usageEvents(), topics.usageMisrouted(), topics.billingRequests())) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                long decided = from.decided(topic, partition);
                long end = from.end(topic, partition);
                if (decided < end && hasRecord(topic, partition, decided, end)) {
                    return topic.name() + " " + partition + "@" + decided;
                }
            }
        }
        return "";
    }

    /** Offsets that are committed stop in front of what transactions leave behind. */
    private boolean hasRecord(Topic topic, int partition, long start, long end) {
        try (PartitionCursor cursor = new PartitionCursor(bootstrap, topic, partition, start, end)) {
            return cursor.peek() != null;
        }
    }
}

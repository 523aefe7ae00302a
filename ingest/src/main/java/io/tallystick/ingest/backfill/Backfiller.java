package io.tallystick.ingest.backfill;

import io.tallystick.ingest.backfill.AcceptedPast.Stretch;
import io.tallystick.ingest.backfill.AcceptedPast.Wanted;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a meter that was added later, in steps that may be asked for again at any time and by any number of processes: each step works out from
 * {@code billing.requests} how far the meter is filled, and asks ingest to write what is missing behind that. Ingest takes each reading once,
 * whoever asks and however often.
 */
public final class Backfiller {

    private static final Logger LOG = LoggerFactory.getLogger(Backfiller.class);

    /** Accepted records that are worked on at once. */
    private static final int STRETCH_RECORDS_MAX = 2_000;

    private static final int EXAMPLES_MAX = 10;
    private static final int RETRY_AFTER_SECONDS = 2;

    private final Topics topics;
    private final CatalogReader catalog;
    private final Map<String, Object> clients;
    private final String ingest;
    private final BackfillLog log;

    /**
     * What a step did.
     *
     * @param read accepted events that were looked at
     * @param filled readings that ingest has written, as asked by this step
     * @param unreadable events that the meter cannot read
     * @param examples of those, a few places with reasons
     * @param isDone whether nothing is left to fill
     */
    public record Step(long read, long filled, long unreadable, List<String> examples, boolean isDone) {}

    /**
     * @param clients connection settings of Kafka clients
     * @param ingest ingest's application id
     */
    public Backfiller(Topics topics, CatalogReader catalog, Map<String, Object> clients, String ingest) {
        this.topics = topics;
        this.catalog = catalog;
        this.clients = Map.copyOf(clients);
        this.ingest = ingest;
        this.log = new BackfillLog(topics);
    }

    /**
     * Does the next piece of work.
     *
     * @param revision in force in every partition
     * @param from the meter is filled with events at this time or later
     * @param recordsMax how many accepted records to read at most, about
     */
    public synchronized Step step(String name, int revision, Instant from, int recordsMax) {
        Meter meter = catalog.revision(revision, CatalogReader.PATIENCE)
                .catalog()
                .meters()
                .get(name);
        if (meter == null) {
            throw RequestRefused.notFound("no meter is called " + name);
        }
        Instant effective = meter.effectiveFrom();
        if (effective != null && from.isBefore(effective)) {
            throw RequestRefused.badRequest(name + " counts from " + effective + " on, its effectiveFrom; from " + from
                    + " there is nothing to fill");
        }
        int since = since(meter, revision);
        try (Consumer<byte[], byte[]> requests = consumer();
                Consumer<byte[], byte[]> accepted = consumer();
                Consumer<byte[], byte[]> events = consumer();
                BackfillRequests asking = new BackfillRequests(topics, clients, ingest)) {
            log.catchUp(requests);
            Work work = new Work(
                    new Target(name, since, revision, from.toEpochMilli()),
                    new AcceptedPast(topics, accepted),
                    new MissedReadings(meter, new UsageEvents(topics, events)),
                    asking);
            work.run(recordsMax);
            asking.awaitTaken();
            return work.step();
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).addKeyValue("meter", name).log("backfill broke off");
            throw RequestRefused.notReady(
                    "filling " + name + " broke off; ask again, what is filled is not filled twice",
                    RETRY_AFTER_SECONDS);
        }
    }

    /** The first of the revisions, up to this one, under which every event counted as it does now. */
    private int since(Meter meter, int revision) {
        int since = revision;
        while (since > 1) {
            Meter before = catalog.revision(since - 1, CatalogReader.PATIENCE)
                    .catalog()
                    .meters()
                    .get(meter.meter());
            if (before == null || !before.countsLike(meter)) {
                return since;
            }
            since--;
        }
        return since;
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, STRETCH_RECORDS_MAX);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private record Target(String meter, int since, int revision, long from) {}

    /** One step on its way through the partitions. */
    private final class Work {

        private final Target target;
        private final AcceptedPast accepted;
        private final MissedReadings missed;
        private final BackfillRequests asking;
        private final List<String> examples = new ArrayList<>();
        private long read;
        private long filled;
        private long unreadable;
        private boolean isDone = true;

        Work(Target target, AcceptedPast accepted, MissedReadings missed, BackfillRequests asking) {
            this.target = target;
            this.accepted = accepted;
            this.missed = missed;
            this.asking = asking;
        }

        void run(int recordsMax) {
            int left = recordsMax;
            for (int partition = 0; partition < topics.partitions(); partition++) {
                BackfillProgress progress = log.progress(target.meter, target.since, partition);
                while (!progress.covers(target.from)) {
                    if (left <= 0) {
                        isDone = false;
                        return;
                    }
                    BackfillProgress before = progress;
                    progress = advance(partition, before, Math.min(left, STRETCH_RECORDS_MAX));
                    left -= Math.max(1, (int) (progress.filledTo() - (before.isComplete() ? 0 : before.filledTo())));
                }
            }
        }

        private BackfillProgress advance(int partition, BackfillProgress progress, int recordsMax) {
            long from = progress.isComplete() ? target.from : progress.from();
            long until = progress.isComplete() ? progress.from() : progress.until();
            long start = progress.isComplete() ? 0 : progress.filledTo();
            Stretch stretch =
                    accepted.read(partition, start, new Wanted(target.meter, target.since, from, until), recordsMax);
            if (stretch.endOffset() == start) {
                throw RequestRefused.notReady(
                        "the catalogue revision that brought " + target.meter + " is not in force in partition "
                                + partition + " yet",
                        RETRY_AFTER_SECONDS);
            }
            MissedReadings.Found found = missed.of(stretch.events());
            List<ReadingsBackfilled> requests = requests(partition, from, until, start, stretch, found.readings());
            BackfillProgress after = progress;
            for (ReadingsBackfilled request : requests) {
                asking.ask(request);
                after = after.after(request);
            }
            read += stretch.read();
            filled += found.readings().size();
            unreadable += found.unreadable().size();
            found.unreadable().stream().limit(EXAMPLES_MAX - examples.size()).forEach(examples::add);
            return after;
        }

        private List<ReadingsBackfilled> requests(
                int partition, long from, long until, long start, Stretch stretch, List<MissedReading> readings) {
            List<ReadingsBackfilled> requests = new ArrayList<>();
            long reached = start;
            List<List<MissedReading>> batches = BackfillRequests.batches(readings);
            for (int at = 0; at < batches.size(); at++) {
                List<MissedReading> batch = batches.get(at);
                boolean endsStretch = at == batches.size() - 1;
                long end = endsStretch
                        ? stretch.endOffset()
                        : batch.get(batch.size() - 1).offset() + 1;
                requests.add(new ReadingsBackfilled(
                        partition,
                        target.meter,
                        target.since,
                        target.revision,
                        from,
                        until,
                        reached,
                        end,
                        endsStretch && stretch.isLast(),
                        batch));
                reached = end;
            }
            return requests;
        }

        Step step() {
            return new Step(read, filled, unreadable, examples, isDone);
        }
    }
}

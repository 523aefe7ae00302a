package io.tallystick.ingest.stream;

import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.acceptance.Candidate;
import io.tallystick.ingest.acceptance.Decision;
import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.ingest.acceptance.Rejection;
import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.ingest.acceptance.VoidOutcome;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.dedup.BlockIdentityStore;
import io.tallystick.ingest.dedup.IdentityStore;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.CreditRequested;
import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.stream.CommitPacer;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.topic.CatalogReader;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every record of its partition exactly one outcome, and is the only writer of {@code usage.accepted}. What an event is worth
 * is decided by {@code ingest.acceptance} alone; here it is looked up, counted and written.
 */
final class DecidingProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

    private static final Logger LOG = LoggerFactory.getLogger(DecidingProcessor.class);

    private static final int SHARD = 0;
    private static final String COUNTS = "counts";
    private static final String REVISION = "revision";
    private static final String NEWEST = "newest";
    /** Below the task's directory: identities in a form to look them up by, made anew each time. */
    private static final String RUNS = "identity-runs-v1";

    private final IngestContext ingest;
    /** Names that each record is compared with: asking for a topic's name makes the whole topic. */
    private final String eventsTopic;

    private final String misroutedTopic;
    private final Acceptance acceptance = new Acceptance();
    private final EventDecoder decoder = new EventDecoder();
    private final Map<Integer, RevisionRules> rulesByNumber = new HashMap<>();

    // Set by init, which comes before everything else.
    private ProcessorContext<byte[], Outgoing> context;
    private int partition;
    private KeyValueStore<String, byte[]> accounting;
    private KeyValueStore<String, Long> progress;
    private IdentityStore identities;
    private Tenants tenants;
    private RequestDesk desk;
    private BackfillDesk backfills;
    private VoidDesk voids;
    private Takeover takeover;
    private Counting counting;
    /** As the stores have them: a commit without news writes nothing. */
    private Counts storedCounts = Counts.NONE;

    private long storedNewest;
    private CommitPacer pacer;
    private RevisionRules rules = RevisionRules.BEFORE_ANY;
    private long newest;
    /** The newest record time of all that came, by whichever partition: what is forgotten is counted back from it. */
    private long newestOfAll;

    @SuppressWarnings("NullAway.Init")
    DecidingProcessor(IngestContext ingest) {
        this.ingest = ingest;
        this.eventsTopic = ingest.topics().usageEvents().name();
        this.misroutedTopic = ingest.topics().usageMisrouted().name();
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> context) {
        this.context = context;
        partition = context.taskId().partition();
        accounting = IngestTopology.ACCOUNTING.in(context);
        progress = IngestTopology.PROGRESS.in(context);
        tenants = new Tenants(
                IngestTopology.SEQUENCES.in(context), ingest.topics().partitions());
        desk = new RequestDesk(
                partition,
                IngestTopology.CLOSES.in(context),
                IngestTopology.SUBSCRIPTIONS.in(context),
                ingest.pendingCloses());
        backfills = new BackfillDesk(IngestTopology.BACKFILLS.in(context));
        voids = new VoidDesk(IngestTopology.VOIDS.in(context));
        byte @Nullable [] counts = accounting.get(COUNTS);
        storedCounts = counts == null ? Counts.NONE : Counts.of(counts);
        counting = new Counting(storedCounts);
        ingest.accounting().set(partition, storedCounts);
        newest = stored(NEWEST, Long.MIN_VALUE);
        storedNewest = newest;
        newestOfAll = newest;
        int revision = (int) stored(REVISION, 0);
        rules = revision == 0 ? RevisionRules.BEFORE_ANY : rulesOf(revision);
        // Last of all that can fail: where init fails, nobody closes what it has opened.
        identities = BlockIdentityStore.open(
                context.getStateStore(IngestTopology.IDENTITIES),
                context.stateDir().toPath().resolve(RUNS),
                ingest.identityMemory());
        takeover = new Takeover(tenants, identities, desk, voids);
        ingest.revisions().taken(partition, revision);
        pacer = CommitPacer.on(context);
        PreCommitHook hook = context.getStateStore(PreCommitHook.NAME);
        hook.onCommit(context, this::beforeCommit);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        pacer.dirty(record.timestamp());
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        String topic = metadata.topic();
        if (topic.equals(eventsTopic)) {
            newest = Math.max(newest, record.timestamp());
            Place place = new Place(metadata.partition(), metadata.offset());
            Arrival.Content content = new Arrival.Content(record.key(), record.value());
            take(new Arrival(content, record.headers(), place, record.timestamp(), newest, false));
        } else if (topic.equals(misroutedTopic)) {
            Arrival received = Arrival.received(record.key(), record.value(), record.headers());
            if (received != null) {
                take(received);
            } else if (!carry(record)) {
                skip("a record on the misrouted hop that ingest did not write is skipped", metadata);
            }
        } else {
            obey(record, metadata);
        }
    }

    @Override
    public void close() {
        ingest.revisions().left(partition);
        ingest.accounting().left(partition);
        ingest.pendingCloses().left(partition);
        identities.close();
    }

    // ---- events

    private void take(Arrival arrival) {
        counting.read(arrival.isReceived());
        byte @Nullable [] value = arrival.content().value();
        if (Acceptance.isTooLarge(value == null ? 0 : value.length, arrival.besidesBytes())) {
            reject(
                    arrival,
                    new Rejection(
                            Reason.TOO_LARGE, "the event has more than " + Acceptance.EVENT_BYTES_MAX + " bytes"));
            return;
        }
        DecodedEvent event = decoder.decode(value, arrival.eventHeaders(), rules);
        Rejection envelope = Acceptance.ofEnvelope(event);
        if (envelope != null) {
            reject(arrival, envelope);
            return;
        }
        Tenants.Tenant tenant = tenants.of(String.valueOf(event.subject()));
        if (tenant.home() != partition && !arrival.isReceived()) {
            forward(arrival, tenant.home());
            return;
        }
        newestOfAll = Math.max(newestOfAll, arrival.recordTime());
        Decision decision =
                acceptance.decide(event, rules, arrival.recordTime(), Math.max(arrival.newest(), forgottenUpTo()));
        if (decision instanceof Rejection rejection) {
            reject(arrival, rejection);
            return;
        }
        Candidate candidate = (Candidate) decision;
        IdentityStore.Entry first = identities.find(candidate.identity());
        if (first == null || arrival.recordTime() - first.recordTime() > rules.memoryMs()) {
            accept(arrival, candidate, tenant);
        } else if (hasSameContent(arrival, candidate, first)) {
            counting.duplicate(arrival.isReceived());
        } else {
            reject(
                    arrival,
                    new Rejection(
                            Reason.CONFLICTING_DUPLICATE,
                            "other content than the event at " + first.place()
                                    + " that was accepted first; this one is at " + arrival.place()));
        }
    }

    /** A record must not be decided that could be the copy of one that is forgotten: it counts as too old, as if this were the newest. */
    private long forgottenUpTo() {
        long forgotten = identities.forgottenBefore();
        return forgotten == Long.MIN_VALUE ? forgotten : forgotten + rules.memoryMs() + rules.horizonMs();
    }

    private void accept(Arrival arrival, Candidate candidate, Tenants.Tenant tenant) {
        AcceptedEvent accepted = new AcceptedEvent(
                candidate.tenant(),
                SHARD,
                tenant.next(),
                arrival.place(),
                candidate.identity(),
                candidate.contentHash(),
                rules.number(),
                candidate.time(),
                arrival.recordTime(),
                candidate.readings());
        identities.add(
                candidate.identity(),
                new IdentityStore.Entry(
                        candidate.contentHash(), arrival.place(), arrival.recordTime(), rules.number()));
        counting.accepted(arrival.isReceived());
        append(accepted, tenant, arrival.recordTime());
    }

    private void reject(Arrival arrival, Rejection rejection) {
        counting.rejected(arrival.isReceived());
        context.forward(
                DeadLetter.of(arrival, rejection, eventsTopic, rules.number(), partition),
                IngestTopology.REJECTED_SINK);
    }

    @SuppressWarnings("NullAway") // a record's key may be null
    private void forward(Arrival arrival, int home) {
        counting.forwarded();
        context.forward(
                new Record<>(
                        arrival.content().key(),
                        new Outgoing(home, arrival.content().value()),
                        Math.max(0, arrival.recordTime()),
                        arrival.headersWithOrigin()),
                IngestTopology.MISROUTED_SINK);
    }

    /**
     * Content is compared under the revision and as of the record time that the first copy was accepted under: a meter that came
     * or became effective since must not make a retry a conflict.
     */
    private boolean hasSameContent(Arrival arrival, Candidate candidate, IdentityStore.Entry first) {
        if (first.revision() == rules.number() && candidate.contentHash() == first.contentHash()) {
            return true;
        }
        RevisionRules then = rulesOf(first.revision());
        DecodedEvent event = decoder.decode(arrival.content().value(), arrival.eventHeaders(), then);
        return acceptance.hasContent(event, then, first.recordTime(), first.contentHash());
    }

    /** Takes a record of another space; false when it is none, and then nothing was done. */
    private boolean carry(Record<byte[], byte[]> record) {
        if (record.value() == null || !CarriedRecord.isOne(record.headers())) {
            return false;
        }
        try {
            carry(TopicCodecs.ACCEPTED.decode(record.value()), CarriedRecord.timestamp(record.headers()));
            return true;
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    /** What another space has decided stands here too; it was counted there. */
    private void carry(AcceptedRecord record, long timestamp) {
        if (record instanceof RevisionInForce revision) {
            enforce(revision.revision(), timestamp);
            return;
        }
        if (record instanceof AcceptedEvent event) {
            newestOfAll = Math.max(newestOfAll, event.recordTime());
        }
        if (takeover.take(record)) {
            append(record, timestamp);
        }
    }

    // ---- requests

    private void obey(Record<byte[], byte[]> record, RecordMetadata metadata) {
        byte @Nullable [] value = record.value();
        @Nullable BillingRequest request;
        try {
            request = value == null ? null : TopicCodecs.REQUESTS.decode(value);
        } catch (UnreadableRecordException e) {
            request = null;
        }
        if (request == null) {
            skip("unreadable request skipped; it stays in its topic", metadata);
            return;
        }
        long timestamp = record.timestamp();
        if (request instanceof RevisionRequested revision) {
            enforce(revision.revision(), timestamp);
        } else if (request instanceof SubscriptionRequested subscription) {
            enforce(subscription.revision(), timestamp);
            set(subscription, timestamp);
        } else if (request instanceof CreditRequested credit) {
            enforce(credit.revision(), timestamp);
            set(credit, timestamp);
        } else if (request instanceof CloseRequested close) {
            desk.take(close);
        } else if (request instanceof CloseReleased released) {
            close(released, timestamp);
        } else if (request instanceof InvoiceCommandRequested command) {
            append(
                    new InvoiceCommand(
                            command.tenant(),
                            SHARD,
                            tenants.of(command.tenant()).next(),
                            rules.number(),
                            command.invoice(),
                            command.action(),
                            command.reason()),
                    timestamp);
        } else if (request instanceof ReadingsBackfilled readings) {
            backfill(readings, timestamp);
        } else if (request instanceof EventVoidRequested voiding) {
            voidEvent(voiding, timestamp);
        }
    }

    private void backfill(ReadingsBackfilled request, long timestamp) {
        for (MissedReading missed : backfills.take(request)) {
            if (voids.isVoided(missed.tenant(), missed.sequence())) {
                continue;
            }
            long sequence = tenants.of(missed.tenant()).next();
            voids.filled(missed.tenant(), sequence);
            append(
                    new ReadingBackfilled(
                            missed.tenant(),
                            SHARD,
                            sequence,
                            missed.sequence(),
                            missed.place(),
                            request.revision(),
                            missed.time(),
                            missed.reading()),
                    timestamp);
        }
    }

    private void voidEvent(EventVoidRequested request, long timestamp) {
        if (voids.decide(request, timestamp) != VoidOutcome.VOIDED) {
            return; // whoever asked finds out why
        }
        long sequence = tenants.of(request.tenant()).next();
        voids.voided(request.tenant(), request.event(), sequence);
        append(
                new EventVoided(
                        request.tenant(),
                        SHARD,
                        sequence,
                        request.event(),
                        request.place(),
                        request.identity(),
                        request.revision(),
                        request.time(),
                        request.readings(),
                        request.reason(),
                        request.requestedAt()),
                timestamp);
    }

    private static void skip(String event, RecordMetadata metadata) {
        LOG.atError()
                .addKeyValue("topic", metadata.topic())
                .addKeyValue("partition", metadata.partition())
                .addKeyValue("offset", metadata.offset())
                .log(event);
    }

    private void enforce(int revision, long timestamp) {
        if (revision <= rules.number()) {
            return;
        }
        rules = rulesOf(revision);
        progress.put(REVISION, (long) revision);
        append(new RevisionInForce(SHARD, tenants.of("").next(), partition, revision, rules.hash()), timestamp);
        ingest.revisions().taken(partition, revision);
    }

    private void set(SubscriptionRequested request, long timestamp) {
        if (desk.takes(request)) {
            append(
                    new SubscriptionSet(
                            request.tenant(),
                            SHARD,
                            tenants.of(request.tenant()).next(),
                            request.revision(),
                            request.subscription(),
                            request.document()),
                    timestamp);
        }
    }

    private void set(CreditRequested request, long timestamp) {
        if (desk.takes(request)) {
            append(
                    new CreditSet(
                            request.tenant(),
                            SHARD,
                            tenants.of(request.tenant()).next(),
                            request.revision(),
                            request.credit(),
                            request.document()),
                    timestamp);
        }
    }

    private void close(CloseReleased released, long timestamp) {
        if (desk.release(released)) {
            append(
                    new PeriodClosed(
                            released.tenant(),
                            SHARD,
                            tenants.of(released.tenant()).next(),
                            rules.number(),
                            released.subscription(),
                            released.period(),
                            released.attempt(),
                            null,
                            null),
                    timestamp);
        }
    }

    // ---- writing

    private void append(AcceptedRecord record, long timestamp) {
        append(record, tenants.of(record.tenant()), timestamp);
    }

    private void append(AcceptedRecord record, Tenants.Tenant tenant, long timestamp) {
        Outgoing value = new Outgoing(partition, TopicCodecs.ACCEPTED.encode(record));
        context.forward(new Record<>(tenant.key(), value, Math.max(0, timestamp)), IngestTopology.ACCEPTED_SINK);
    }

    private void beforeCommit() {
        pacer.committing();
        // The oldest record that is still decided is the horizon behind, and the oldest that it could be a copy of as
        // much again.
        identities.beforeCommit(Math.max(0, newestOfAll) - rules.horizonMs() - rules.memoryMs());
        tenants.beforeCommit();
        Counts counts = counting.now();
        if (!counts.equals(storedCounts)) {
            accounting.put(COUNTS, counts.toBytes());
            storedCounts = counts;
            ingest.accounting().set(partition, counts);
        }
        if (newest != storedNewest) {
            progress.put(NEWEST, newest);
            storedNewest = newest;
        }
        pacer.committed();
    }

    private RevisionRules rulesOf(int revision) {
        return rulesByNumber.computeIfAbsent(
                revision, number -> RevisionRules.of(ingest.catalog().revision(number, CatalogReader.PATIENCE)));
    }

    private long stored(String name, long otherwise) {
        Long value = progress.get(name);
        return value == null ? otherwise : value;
    }
}

package io.tallystick.deploy.app.derive;

import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.decode.EventHeaders;
import io.tallystick.ingest.decode.EventTypes;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.ingest.stream.Counts;
import io.tallystick.ingest.stream.IngestContext;
import io.tallystick.ingest.stream.IngestStage;
import io.tallystick.ingest.stream.PendingCloses;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.CreditRequested;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The invoices that a log of events would give under one catalogue: all four stages, as many partitions as an embedded broker has, no
 * brokers. Every period closes behind the whole log, so nothing in it is late.
 *
 * <p>A file has no record timestamps: an event's own time takes their place. Where it has none that can be read, that is the newest
 * before it, or the first behind it.
 */
public final class Estimate implements AutoCloseable {

    private static final int RECORDS_PER_COMMIT = 20_000;
    private static final Topics TOPICS = new Topics(Space.DEFAULT, Topics.PARTITIONS_EMBEDDED);
    private static final String EVENTS = TOPICS.usageEvents().name();
    private static final String REQUESTS = TOPICS.billingRequests().name();
    private static final String ACCEPTED = TOPICS.usageAccepted().name();
    private static final String INVOICES = TOPICS.billingInvoices().name();
    private static final String REJECTED = TOPICS.usageRejected().name();

    private final CatalogRevision revision;
    private final Instant through;
    private final List<Partition> partitions = new ArrayList<>();
    private final AccountingView accounting = new AccountingView();
    private final EventDecoder decoder = new EventDecoder();
    private final SortedMap<String, Long> rejected = new TreeMap<>();
    private final Map<String, Invoice> invoices = new TreeMap<>();
    private final List<byte[]> withoutTime = new ArrayList<>();
    private final Consumer<Sent> tap;
    private long newest = -1;

    /**
     * What became of the lines.
     *
     * @param rejected by reason
     */
    public record Outcomes(long read, long accepted, long duplicates, SortedMap<String, Long> rejected) {}

    /**
     * @param revision that everything is decided and rated under
     * @param through periods that end by then are closed
     * @param directory for what stages keep beside their stores; whoever made it removes it
     */
    public Estimate(CatalogRevision revision, Instant through, Path directory) {
        this(revision, through, directory, record -> {});
    }

    /** @param tap hears every record that would stand on a topic of events, requests, accepted and rejected events, or invoices */
    Estimate(CatalogRevision revision, Instant through, Path directory, Consumer<Sent> tap) {
        this.tap = tap;
        this.revision = revision;
        this.through = through;
        IngestContext context =
                new IngestContext(TOPICS, catalogs(), new RevisionsInForce(), accounting, new PendingCloses());
        for (int number = 0; number < TOPICS.partitions(); number++) {
            partitions.add(new Partition(number, context, directory.resolve(Integer.toString(number))));
        }
        for (Partition partition : partitions) {
            partition.ask(new RevisionRequested(partition.number, revision.number(), revision.hash()), 0);
        }
        for (Subscription subscription : revision.catalog().subscriptions().values()) {
            home(subscription.tenant())
                    .ask(
                            new SubscriptionRequested(
                                    subscription.tenant(),
                                    revision.number(),
                                    subscription.subscription(),
                                    CatalogCanonical.json(subscription)),
                            0);
        }
        for (CreditGrant grant : revision.catalog().credits().values()) {
            home(grant.tenant())
                    .ask(
                            new CreditRequested(
                                    grant.tenant(), revision.number(), grant.credit(), CatalogCanonical.json(grant)),
                            0);
        }
    }

    private CatalogReader catalogs() {
        return (number, patience) -> {
            if (number != revision.number()) {
                throw new IllegalStateException("there is no revision " + number);
            }
            return revision;
        };
    }

    /** Takes the next line of the log: a CloudEvent, or whatever stands there in place of one. */
    public void add(byte[] line) {
        DecodedEvent event = decoder.decode(line, EventHeaders.NONE, EventTypes.NONE);
        if (event.instant().isPresent()) {
            long time = Math.max(0, event.instant().getAsLong());
            newest = Math.max(newest, time);
            addWithoutTime(time);
            home(event.subject()).event(line, time);
        } else if (newest >= 0) {
            home(event.subject()).event(line, newest);
        } else {
            withoutTime.add(line);
        }
    }

    private void addWithoutTime(long time) {
        for (byte[] line : withoutTime) {
            home(decoder.decode(line, EventHeaders.NONE, EventTypes.NONE).subject())
                    .event(line, time);
        }
        withoutTime.clear();
    }

    /** Closes the periods; the invoices in order of tenant, period and subscription. */
    public List<Invoice> invoices() {
        addWithoutTime(through.toEpochMilli() - 1);
        partitions.forEach(Partition::commit);
        List<Due> due = new ArrayList<>();
        for (Subscription subscription : revision.catalog().subscriptions().values()) {
            BillingPeriods periods = BillingPeriods.of(subscription);
            periods.closingThrough(through)
                    .forEach(period -> due.add(new Due(subscription, period, periods.closesAt(period))));
        }
        due.sort(Comparator.comparing(Due::closesAt)
                .thenComparing(one -> one.subscription().subscription()));
        for (Due one : due) {
            String tenant = one.subscription().tenant();
            String name = one.subscription().subscription();
            Partition partition = home(tenant);
            long timestamp = Math.max(0, one.closesAt().toEpochMilli());
            partition.ask(new CloseRequested(tenant, name, one.period(), 1, List.of(), timestamp), timestamp);
            partition.ask(new CloseReleased(tenant, name, one.period(), 1), timestamp);
        }
        partitions.forEach(Partition::commit);
        return invoices.values().stream()
                .sorted(Comparator.comparing(Invoice::tenant)
                        .thenComparing(invoice -> invoice.period().start())
                        .thenComparing(Invoice::subscription)
                        .thenComparing(Invoice::id))
                .toList();
    }

    private record Due(Subscription subscription, Period period, Instant closesAt) {}

    /** What became of the lines so far that are committed. */
    public Outcomes outcomes() {
        long read = 0;
        long accepted = 0;
        long duplicates = 0;
        for (Counts counts : accounting.byPartition().values()) {
            read += counts.read();
            accepted += counts.accepted();
            duplicates += counts.duplicates();
        }
        return new Outcomes(read, accepted, duplicates, new TreeMap<>(rejected));
    }

    @Override
    public void close() {
        partitions.forEach(Partition::close);
    }

    private Partition home(@Nullable String tenant) {
        return partitions.get(TenantPartitioner.partitionOf(tenant == null ? "" : tenant, TOPICS.partitions()));
    }

    /** One partition of all topics. */
    private final class Partition {
        private final int number;
        private final StageTask ingest;
        private final AcceptedDerivation behind;
        private long eventsOffset;
        private long requestsOffset;
        private long acceptedOffset;
        private int uncommitted;

        Partition(int number, IngestContext context, Path directory) {
            this.number = number;
            StagePlan plan = new StagePlan();
            IngestStage.addTo(plan, context);
            ingest = new StageTask(
                    plan.complete(), number, TOPICS.partitions(), directory.resolve("ingest"), this::pass);
            behind = new AcceptedDerivation(
                    TOPICS, number, "", context.catalog(), SubscriptionDocument::read, directory, this::invoiced);
        }

        private void invoiced(Invoice invoice) {
            invoices.put(invoice.id(), invoice);
            tap.accept(Sent.plain(
                    INVOICES,
                    number,
                    invoice.id().getBytes(StandardCharsets.UTF_8),
                    TopicCodecs.INVOICES.encode(invoice),
                    0));
        }

        void event(byte[] value, long timestamp) {
            Sent event = Sent.plain(EVENTS, number, null, value, timestamp);
            tap.accept(event);
            ingest.process(event, eventsOffset++);
            if (++uncommitted >= RECORDS_PER_COMMIT) {
                commit();
            }
        }

        void ask(BillingRequest request, long timestamp) {
            Sent asked = Sent.plain(REQUESTS, number, null, TopicCodecs.REQUESTS.encode(request), timestamp);
            tap.accept(asked);
            ingest.process(asked, requestsOffset++);
        }

        void commit() {
            uncommitted = 0;
            ingest.commit();
            behind.commit();
        }

        private void pass(Sent sent) {
            tap.accept(sent);
            if (sent.topic().equals(ACCEPTED)) {
                behind.take(sent.key(), Objects.requireNonNull(sent.value()), sent.timestamp(), acceptedOffset++);
            } else if (sent.topic().equals(REJECTED)) {
                Header reason = sent.headers().lastHeader("tallystick-reason");
                rejected.merge(new String(reason.value(), StandardCharsets.UTF_8), 1L, Long::sum);
            } else {
                throw new IllegalStateException("an event outside its tenant's partition");
            }
        }

        void close() {
            ingest.close();
            behind.close();
        }
    }
}

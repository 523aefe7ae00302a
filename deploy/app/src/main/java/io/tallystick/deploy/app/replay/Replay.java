package io.tallystick.deploy.app.replay;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.derive.OneCatalog;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Derives the invoices of a space from its log, and says where what stands is something else. Reads, and leaves nothing behind. */
public final class Replay {

    private static final Duration ARRIVAL_PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_MS = 200;

    private final LogSource source;
    private final Topics topics;
    private final Path directory;
    private final Workers workers;
    private final AtomicLong records = new AtomicLong();
    private final Findings findings = new Findings();

    /**
     * What is asked for.
     *
     * @param chosen which invoices
     * @param tenant whose invoices only, or null for all
     * @param withEvents whether {@code usage.accepted} is held to {@code usage.events}, too
     * @param version to rate under instead, or null to compare
     * @param partitions whose invoices and raw events only: several processes may share them out
     */
    public record Request(
            Predicate<Invoice> chosen,
            @Nullable String tenant,
            boolean withEvents,
            @Nullable String version,
            IntPredicate partitions) {

        /** Of all partitions. */
        public Request(
                Predicate<Invoice> chosen, @Nullable String tenant, boolean withEvents, @Nullable String version) {
            this(chosen, tenant, withEvents, version, partition -> true);
        }
    }

    /** One invoice as it stands and as the log gives it: one of the two may be missing. */
    public record Compared(
            String id, @Nullable Invoice standing, @Nullable Invoice derived, List<String> differences) {
        public Compared {
            differences = List.copyOf(differences);
        }
    }

    /**
     * What came of it.
     *
     * @param findings the first of them in order of place
     * @param differences how many there are, those of invoices included
     * @param events how many records of {@code usage.events} were looked at
     * @param records how many records were read in all
     */
    public record Report(List<Compared> invoices, List<Finding> findings, long differences, long events, long records) {
        public Report {
            invoices = List.copyOf(invoices);
            findings = List.copyOf(findings);
        }
    }

    /** @param directory for what stages keep beside their stores; whoever made it removes it */
    public Replay(LogSource source, Path directory, int threads) {
        this.source = source;
        this.topics = source.topics();
        this.directory = directory;
        this.workers = new Workers(threads);
    }

    /** What is different between an invoice and what it should be; empty when they are the same bytes. */
    public static List<String> differences(Invoice standing, @Nullable Invoice derived) {
        return InvoiceReplay.differences(standing, derived);
    }

    /** How many records are read so far. */
    public long progress() {
        return records.get();
    }

    public Report run(Request request) {
        RecordedRevisions revisions = RecordedRevisions.read(source, findings);
        List<Compared> compared = compare(request, revisions);
        long differences = 0;
        long events = 0;
        if (request.version() == null) {
            if (request.withEvents()) {
                events = audit(revisions, request.partitions());
            }
            differences = findings.count()
                    + compared.stream()
                            .mapToLong(one -> one.differences().size())
                            .sum();
        }
        return new Report(compared, findings.sorted(), differences, events, records.get());
    }

    private List<Compared> compare(Request request, RecordedRevisions revisions) {
        String version = request.version();
        Function<String, Subscription> subscriptions = version == null
                ? SubscriptionDocument::read
                : document -> OneCatalog.pinned(SubscriptionDocument.read(document), version);
        CatalogReader catalogs = version == null ? revisions : withVersion(revisions, version);
        InvoiceReplay replay = new InvoiceReplay(source, catalogs, subscriptions, directory, records, findings);
        List<Integer> partitions = new ArrayList<>();
        String tenant = request.tenant();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            boolean isTenants =
                    tenant == null || TenantPartitioner.partitionOf(tenant, topics.partitions()) == partition;
            if (isTenants && request.partitions().test(partition)) {
                partitions.add(partition);
            }
        }
        List<Callable<List<Compared>>> work = new ArrayList<>();
        for (int partition : partitions) {
            work.add(() -> compare(partition, replay, request));
        }
        List<Compared> all = new ArrayList<>();
        workers.all(work).forEach(all::addAll);
        all.sort(Comparator.comparing(Compared::id));
        return all;
    }

    private List<Compared> compare(int partition, InvoiceReplay replay, Request request) throws InterruptedException {
        // What stands is read first: everything it follows from is in the log by then.
        Map<String, Invoice> standing = StandingInvoices.read(source, partition, findings);
        Map<String, Invoice> derived = replay.derive(partition);
        long deadline = System.nanoTime() + ARRIVAL_PATIENCE.toNanos();
        while (!standing.keySet().containsAll(derived.keySet()) && source.isLive() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS); // closed meanwhile, and on its way
            StandingInvoices.read(source, partition, findings).forEach(standing::putIfAbsent);
        }
        SortedMap<String, Compared> compared = new TreeMap<>();
        standing.forEach((id, invoice) -> {
            if (request.chosen().test(invoice)) {
                Invoice other = derived.get(id);
                List<String> differences =
                        request.version() == null ? InvoiceReplay.differences(invoice, other) : List.of();
                compared.put(id, new Compared(id, invoice, other, differences));
            }
        });
        derived.forEach((id, invoice) -> {
            if (!standing.containsKey(id) && request.chosen().test(invoice)) {
                List<String> differences = request.version() == null
                        ? List.of("the log gives it, with the digest " + invoice.digest() + ", and it is not there")
                        : List.of();
                compared.put(id, new Compared(id, null, invoice, differences));
            }
        });
        return List.copyOf(compared.values());
    }

    private long audit(RecordedRevisions revisions, IntPredicate partitions) {
        List<Long> ends = new ArrayList<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            ends.add(source.decided(topics.usageEvents(), partition));
        }
        awaitMisrouted();
        try {
            return new EventAudit(source, revisions, partitions, workers, records, findings).run(ends);
        } catch (IllegalStateException e) {
            findings.add(new Finding(topics.billingCatalog().name(), String.valueOf(e.getMessage())));
            return 0;
        }
    }

    /** What was forwarded to its tenant's partition has its outcome only once it is decided there. */
    private void awaitMisrouted() {
        if (!source.isLive()) {
            return;
        }
        Topic misrouted = topics.usageMisrouted();
        long deadline = System.nanoTime() + ARRIVAL_PATIENCE.toNanos();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            long end = source.end(misrouted, partition);
            while (source.decided(misrouted, partition) < end && System.nanoTime() < deadline) {
                try {
                    TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Each revision with one version more, as the newest revision has it. */
    private static CatalogReader withVersion(RecordedRevisions revisions, String version) {
        Catalog newest = revisions.all().isEmpty()
                ? Catalog.empty(Catalog.Settings.DEFAULT)
                : revisions.all().lastEntry().getValue().catalog();
        PricingVersion pricing = newest.pricing().get(version);
        if (pricing == null) {
            throw Failure.wrongInput(
                    "there is no pricing version " + version,
                    "name one of the catalogue: "
                            + String.join(", ", newest.pricing().keySet()));
        }
        newest.subscriptions().values().forEach(subscription -> {
            if (pricing.plan(subscription.plan()).isEmpty()) {
                throw Failure.wrongInput(
                        "pricing version " + version + " has no plan " + subscription.plan() + ", which subscription "
                                + subscription.subscription() + " has",
                        "apply a version that has it");
            }
        });
        return (number, patience) -> {
            CatalogRevision revision = revisions.revision(number, patience);
            Catalog catalog = revision.catalog();
            TreeMap<String, PricingVersion> versions = new TreeMap<>(catalog.pricing());
            versions.put(version, pricing);
            return new CatalogRevision(
                    number,
                    revision.hash(),
                    new Catalog(catalog.settings(), catalog.meters(), versions, catalog.subscriptions()));
        };
    }
}

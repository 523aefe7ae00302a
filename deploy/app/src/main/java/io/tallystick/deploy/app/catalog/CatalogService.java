package io.tallystick.deploy.app.catalog;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogParser;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.catalog.ParsedCatalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.CatalogDocuments;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import io.tallystick.schemas.event.CatalogRecord.RevisionPublished;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Publishes revisions of the catalogue: the documents to {@code billing.catalog}, and what takes effect to {@code billing.requests}. */
public final class CatalogService {

    private static final Duration IN_FORCE_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(15);
    private static final long LOOK_EVERY_MS = 20;
    private static final int ATTEMPTS = 5;

    private final Topics topics;
    private final CatalogLog log;
    private final Producer<String, byte[]> producer;
    private final Collection<RevisionsInForce> stages;
    private final Predicate<String> hasCounted;
    private final InstantSource clock;

    /**
     * @param producer that waits for all replicas and does not write twice; not closed here
     * @param stages of this process
     * @param hasCounted whether a meter has counted an event
     */
    public CatalogService(
            Topics topics,
            CatalogLog log,
            Producer<String, byte[]> producer,
            Collection<RevisionsInForce> stages,
            Predicate<String> hasCounted,
            InstantSource clock) {
        this.topics = topics;
        this.log = log;
        this.producer = producer;
        this.stages = List.copyOf(stages);
        this.hasCounted = hasCounted;
        this.clock = clock;
    }

    /** What came of applying: the revision that holds now, and what changed to get there. */
    public record Applied(CatalogRevision revision, List<CatalogChange.Change> changes) {}

    public CatalogRevision newest() {
        return log.newest();
    }

    /** Applies documents, publishes the revision if they say anything new, and returns once it is in force in this process. */
    public Applied apply(byte[] documents) {
        ParsedCatalog parsed = CatalogParser.parse(CatalogDocuments.read(documents));
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            CatalogRevision base = log.newest();
            CatalogChange change = change(base, parsed);
            if (change.changes().isEmpty()) {
                awaitInForce(base.number());
                return new Applied(base, List.of());
            }
            if (publish(base, change.catalog())) {
                CatalogRevision published = log.revision(base.number() + 1, STORE_PATIENCE);
                awaitInForce(published.number());
                return new Applied(published, change.changes());
            }
        }
        throw RequestRefused.notReady("others are publishing catalogues at the same time; try again", 1);
    }

    /** What {@link #apply} would do, without doing it. */
    public Applied preview(byte[] documents) {
        ParsedCatalog parsed = CatalogParser.parse(CatalogDocuments.read(documents));
        CatalogRevision base = log.newest();
        CatalogChange change = change(base, parsed);
        if (change.changes().isEmpty()) {
            return new Applied(base, List.of());
        }
        CatalogManifest manifest = log.manifestBehind(base, change.catalog());
        return new Applied(new CatalogRevision(manifest.number(), manifest.hash(), change.catalog()), change.changes());
    }

    /**
     * Puts right what a process left undone that ended while it published, and publishes the settings of this start if they
     * differ from those in force; without any revision, the first one. To be called once, before the stages are waited for.
     */
    public void begin(UnaryOperator<Catalog.Settings> settings, Consumer<String, byte[]> consumer) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            CatalogRevision newest = log.newest();
            Catalog catalog = newest.catalog();
            Catalog.Settings wanted = settings.apply(catalog.settings());
            if (newest.number() > 0 && wanted.equals(catalog.settings())) {
                break;
            }
            Catalog changed = catalog.with(wanted);
            if (publish(newest, changed)) {
                break;
            }
        }
        request(RequestedRevisions.read(topics, consumer).missing(log.all()));
    }

    /** Waits until a revision is in force in every partition of every stage of this process. */
    public void awaitInForce(int revision) {
        long deadline = System.nanoTime() + IN_FORCE_PATIENCE.toNanos();
        while (!isInForce(revision)) {
            if (System.nanoTime() > deadline) {
                throw RequestRefused.notReady(
                        "revision " + revision + " is published, but not in force in every stage after "
                                + IN_FORCE_PATIENCE.toSeconds() + " s; it will be, and applying again is harmless",
                        5);
            }
            pause();
        }
    }

    public boolean isInForce(int revision) {
        return stages.stream().allMatch(stage -> !stage.byPartition().isEmpty() && stage.everywhereAtLeast(revision));
    }

    private CatalogChange change(CatalogRevision base, ParsedCatalog parsed) {
        CatalogChange change = CatalogChange.apply(base.catalog(), parsed, clock.instant(), hasCounted);
        if (!change.errors().isEmpty()) {
            throw new RequestRefused(
                    422,
                    "Invalid catalogue",
                    change.errors().size() == 1
                            ? "the catalogue has an error; nothing was changed"
                            : "the catalogue has " + change.errors().size() + " errors; nothing was changed",
                    change.errors(),
                    0);
        }
        if (!change.conflicts().isEmpty()) {
            throw new RequestRefused(
                    409,
                    "Conflict",
                    "the catalogue would change what may not change; nothing was changed",
                    change.conflicts(),
                    0);
        }
        return change;
    }

    /** Whether the revision stands; false when another process was first. */
    private boolean publish(CatalogRevision base, Catalog catalog) {
        CatalogManifest manifest = log.manifestBehind(base, catalog);
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        CatalogLog.documentsOf(catalog, manifest).forEach((hash, document) -> {
            if (!log.holds(hash)) {
                records.add(record(new CatalogObject(hash, document)));
            }
        });
        records.add(record(new RevisionPublished(manifest.number(), manifest.json())));
        long offset = store(records);
        if (!log.stands(manifest, offset, STORE_PATIENCE)) {
            return false;
        }
        List<BillingRequest> requests = new ArrayList<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            requests.add(new RevisionRequested(partition, manifest.number(), manifest.hash()));
        }
        for (Subscription subscription : catalog.subscriptions().values()) {
            if (!subscription.equals(base.catalog().subscriptions().get(subscription.subscription()))) {
                requests.add(RequestedRevisions.request(manifest.number(), subscription));
            }
        }
        for (CreditGrant grant : catalog.credits().values()) {
            if (!grant.equals(base.catalog().credits().get(grant.credit()))) {
                requests.add(RequestedRevisions.request(manifest.number(), grant));
            }
        }
        request(requests);
        return true;
    }

    private void request(List<BillingRequest> requests) {
        store(requests.stream()
                .map(request -> new ProducerRecord<>(
                        topics.billingRequests().name(),
                        request instanceof RevisionRequested revision
                                ? revision.partition()
                                : TenantPartitioner.partitionOf(request.tenant(), topics.partitions()),
                        request.tenant(),
                        TopicCodecs.REQUESTS.encode(request)))
                .toList());
    }

    private ProducerRecord<String, byte[]> record(CatalogRecord content) {
        return new ProducerRecord<>(
                topics.billingCatalog().name(), 0, content.key(), TopicCodecs.CATALOG.encode(content));
    }

    /** Returns the offset of the last one, once the brokers have stored them all. */
    private long store(List<ProducerRecord<String, byte[]>> records) {
        try {
            List<Future<RecordMetadata>> pending = new ArrayList<>(records.size());
            records.forEach(record -> pending.add(producer.send(record)));
            long offset = -1;
            for (Future<RecordMetadata> stored : pending) {
                offset = stored.get(STORE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .offset();
            }
            return offset;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw RequestRefused.notReady("the brokers did not store the catalogue in time; try again", 5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestRefused.notReady("the service is stopping", 5);
        }
    }

    private static void pause() {
        try {
            boolean never = new CountDownLatch(1).await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
            if (never) {
                throw new IllegalStateException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestRefused.notReady("the service is stopping", 5);
        }
    }
}

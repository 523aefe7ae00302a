package io.tallystick.deploy.app.role;

import io.tallystick.aggregator.stream.AggregatorCounts;
import io.tallystick.aggregator.stream.AggregatorLimits;
import io.tallystick.aggregator.stream.AggregatorStage;
import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.catalog.CatalogLog;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.ingest.stream.IngestContext;
import io.tallystick.ingest.stream.IngestStage;
import io.tallystick.ingest.stream.PendingCloses;
import io.tallystick.invoicer.stream.InvoicerStage;
import io.tallystick.rater.stream.RaterStage;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.stream.StageClients;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/** The four stages of a space and nothing beside them: no HTTP, no scheduler, no worker that delivers, no webhook. */
public final class QuietStages implements AutoCloseable {

    private static final Duration CATALOG_PATIENCE = Duration.ofSeconds(60);

    private final Topics topics;
    private final Cluster cluster;
    private final String bootstrap;
    private final Path state;
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final CatalogLog catalog;
    private List<RunningStage> stages = List.of();

    private QuietStages(Topics topics, Cluster cluster, String bootstrap, Path state) {
        this.topics = topics;
        this.cluster = cluster;
        this.bootstrap = bootstrap;
        this.state = state;
        this.catalog = new CatalogLog(topics, new Clients(bootstrap)::consumer);
    }

    /**
     * Makes the topics of a space.
     *
     * @param state for stores; whoever made it removes it
     */
    public static QuietStages prepare(String bootstrap, Topics topics, Path state) {
        Cluster cluster = Cluster.connect(bootstrap);
        try {
            cluster.prepare(topics, false);
        } catch (Failure e) {
            cluster.close();
            throw e;
        }
        return new QuietStages(topics, cluster, bootstrap, state);
    }

    public Admin admin() {
        return cluster.admin();
    }

    /** Starts them; they work until this is closed. */
    public void start() {
        catalog.start();
        if (!catalog.awaitCaughtUp(CATALOG_PATIENCE)) {
            throw Failure.unreachable(
                    "topic " + topics.billingCatalog().name() + " on " + bootstrap + " cannot be read in "
                            + CATALOG_PATIENCE.toSeconds() + " s",
                    "check that the brokers run");
        }
        stages = List.of(
                stage(
                        Role.INGEST,
                        IngestStage.topology(new IngestContext(
                                topics, catalog, new RevisionsInForce(), new AccountingView(), new PendingCloses()))),
                stage(
                        Role.AGGREGATOR,
                        AggregatorStage.topology(
                                topics,
                                cluster.topicId(topics.usageAccepted()),
                                catalog,
                                new RevisionsInForce(),
                                AggregatorLimits.DEFAULT,
                                new ChangeFeed(),
                                new AggregatorCounts())),
                stage(
                        Role.RATER,
                        RaterStage.topology(topics, catalog, SubscriptionDocument::read, new RevisionsInForce())),
                stage(Role.INVOICER, InvoicerStage.topology(topics, catalog, new RevisionsInForce())));
        stages.forEach(RunningStage::start);
    }

    /** What to tell people when a stage has given up. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    private RunningStage stage(Role role, Topology topology) {
        Properties settings = StreamsSettings.of(
                role, topics.space(), bootstrap, state, true, MemorySizes.DEFAULT.rocksDbBytes(), null);
        KafkaStreams application = role == Role.INGEST
                ? new KafkaStreams(topology, settings, IngestStage.clients(topics))
                : new KafkaStreams(topology, settings, new StageClients());
        return new RunningStage(role, application, new RevisionsInForce(), what -> failure.compareAndSet(null, what));
    }

    @Override
    public void close() {
        stages.forEach(RunningStage::close);
        catalog.close();
        cluster.close();
    }
}

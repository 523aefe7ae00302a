package io.tallystick.deploy.app.role;

import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallystick.aggregator.http.DaySumsRoutes;
import io.tallystick.aggregator.http.UsageRoutes;
import io.tallystick.aggregator.http.UsageStreamRoutes;
import io.tallystick.aggregator.stream.AggregatorCounts;
import io.tallystick.aggregator.stream.AggregatorLimits;
import io.tallystick.aggregator.stream.AggregatorStage;
import io.tallystick.aggregator.stream.UsageReader;
import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.deploy.app.alerts.AlertSender;
import io.tallystick.deploy.app.alerts.WebhookSettings;
import io.tallystick.deploy.app.catalog.CatalogEffect;
import io.tallystick.deploy.app.catalog.CatalogLog;
import io.tallystick.deploy.app.explain.ExplainRoutes;
import io.tallystick.deploy.app.replay.KafkaLog;
import io.tallystick.deploy.app.server.Access;
import io.tallystick.ingest.backfill.Backfiller;
import io.tallystick.ingest.http.BackfillRoutes;
import io.tallystick.ingest.http.EventPublisher;
import io.tallystick.ingest.http.EventRoutes;
import io.tallystick.ingest.http.RejectedRoutes;
import io.tallystick.ingest.http.VoidRoutes;
import io.tallystick.ingest.redrive.Redriver;
import io.tallystick.ingest.redrive.RejectedEvents;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.ingest.stream.CloseWatcher;
import io.tallystick.ingest.stream.IngestContext;
import io.tallystick.ingest.stream.IngestStage;
import io.tallystick.ingest.stream.PendingCloses;
import io.tallystick.ingest.voiding.EventVoider;
import io.tallystick.invoicer.http.DeliveryRoutes;
import io.tallystick.invoicer.http.InvoiceRoutes;
import io.tallystick.invoicer.http.PeriodRoutes;
import io.tallystick.invoicer.http.ReconcileRoutes;
import io.tallystick.invoicer.http.WebhookRoutes;
import io.tallystick.invoicer.provider.DeliveryWorker;
import io.tallystick.invoicer.stream.CloseRequester;
import io.tallystick.invoicer.stream.CloseScheduler;
import io.tallystick.invoicer.stream.DeliveryReader;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.DraftReview;
import io.tallystick.invoicer.stream.IngestProgress;
import io.tallystick.invoicer.stream.InvoiceView;
import io.tallystick.invoicer.stream.InvoicerStage;
import io.tallystick.invoicer.stream.KafkaAlerts;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.invoicer.stream.RequestView;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.invoicer.stream.UsageEnds;
import io.tallystick.rater.http.ChargesRoutes;
import io.tallystick.rater.http.CreditsRoutes;
import io.tallystick.rater.http.PriceRoutes;
import io.tallystick.rater.stream.ChargesReader;
import io.tallystick.rater.stream.RaterStage;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.stream.StageClients;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Puts each stage together with what belongs beside it: its routes, its views, its watchers. */
final class Wiring {

    private final NodeSettings settings;
    private final Topics topics;
    private final Cluster cluster;
    private final Clients clients;
    private final CatalogLog catalog;
    private final Producer<String, byte[]> producer;
    private final String bootstrap;
    private final Path state;
    private final HostInfo self;
    private final MeterRegistry registry;
    private final Consumer<String> onFailure;

    private final List<RunningStage> stages = new ArrayList<>();
    private final List<Consumer<RoutesConfig>> routes = new ArrayList<>();
    private final List<Runnable> starts = new ArrayList<>();
    private final List<BooleanSupplier> conditions = new ArrayList<>();
    private final List<AutoCloseable> beside = new ArrayList<>();
    private @Nullable CatalogEffect effect;
    private Predicate<String> hasCounted = meter -> true; // where nobody here can tell, a meter stays as it is

    /**
     * @param self where this process answers others
     * @param onFailure called with what to tell people when a stage gives up
     */
    Wiring(
            NodeSettings settings,
            Topics topics,
            Cluster cluster,
            Clients clients,
            CatalogLog catalog,
            Producer<String, byte[]> producer,
            String bootstrap,
            Path state,
            HostInfo self,
            MeterRegistry registry,
            Consumer<String> onFailure) {
        this.settings = settings;
        this.topics = topics;
        this.cluster = cluster;
        this.clients = clients;
        this.catalog = catalog;
        this.producer = producer;
        this.bootstrap = bootstrap;
        this.state = state;
        this.self = self;
        this.registry = registry;
        this.onFailure = onFailure;
        for (Role role : settings.roles()) {
            switch (role) {
                case INGEST -> ingest();
                case AGGREGATOR -> aggregator();
                case RATER -> rater();
                case INVOICER -> invoicer();
            }
        }
    }

    List<RunningStage> stages() {
        return stages;
    }

    List<Consumer<RoutesConfig>> routes() {
        return routes;
    }

    /** Starts the stages and what belongs beside them. */
    void start() {
        starts.forEach(Runnable::run);
        stages.forEach(RunningStage::start);
    }

    /** Whether every store is restored and every view has caught up. */
    boolean isReady() {
        return stages.stream().allMatch(RunningStage::isRestored)
                && conditions.stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    /** What belongs beside the stages, to be closed before them. */
    List<AutoCloseable> beside() {
        return beside;
    }

    Predicate<String> hasCounted() {
        return hasCounted;
    }

    /** What a change of the catalogue would do; null where this process rates nothing. */
    @Nullable
    CatalogEffect effect() {
        return effect;
    }

    private void ingest() {
        RevisionsInForce revisions = new RevisionsInForce();
        AccountingView accounting = new AccountingView();
        PendingCloses closes = new PendingCloses();
        stage(
                Role.INGEST,
                IngestStage.topology(new IngestContext(
                        topics,
                        catalog,
                        revisions,
                        accounting,
                        closes,
                        settings.memory().identities(topics.partitions()))),
                revisions);
        IngestMetrics.bind(registry, accounting, closes);
        EventPublisher publisher = new EventPublisher(topics, clients.connection());
        beside.add(publisher);
        CloseWatcher watcher = new CloseWatcher(
                topics, closes, clients.connection(), topics.space().applicationId(Role.INGEST.text()));
        starts.add(watcher::start);
        beside.add(watcher);
        RejectedEvents rejected = new RejectedEvents(topics, clients.connection());
        Redriver redriver = new Redriver(topics, clients.connection());
        Backfiller backfiller = new Backfiller(
                topics, catalog, clients.connection(), topics.space().applicationId(Role.INGEST.text()));
        EventVoider voider = new EventVoider(topics, clients.connection(), InstantSource.system());
        routes.add(config -> {
            new VoidRoutes(voider).addTo(config);
            new EventRoutes(publisher, accounting, Access::mayRead).addTo(config);
            new RejectedRoutes(rejected, redriver, revisions::least).addTo(config);
            new BackfillRoutes(backfiller, revisions::least).addTo(config);
        });
    }

    private void aggregator() {
        RevisionsInForce revisions = new RevisionsInForce();
        ChangeFeed changes = new ChangeFeed();
        AggregatorCounts counts = new AggregatorCounts();
        RunningStage stage = stage(
                Role.AGGREGATOR,
                AggregatorStage.topology(
                        topics,
                        cluster.topicId(topics.usageAccepted()),
                        catalog,
                        revisions,
                        AggregatorLimits.DEFAULT,
                        changes,
                        counts),
                revisions);
        Timer answers = AggregatorMetrics.bind(registry, counts);
        UsageReader usage = new UsageReader(stage.streams(), topics, self);
        hasCounted = usage::hasCounted;
        routes.add(config -> new DaySumsRoutes(usage, this::newest).addTo(config));
        routes.add(config -> new UsageRoutes(
                        usage, this::newest, Access::mayRead, nanos -> answers.record(nanos, TimeUnit.NANOSECONDS))
                .addTo(config));
        routes.add(config -> new UsageStreamRoutes(changes, usage, this::newest, Access::mayRead).addTo(config));
    }

    private void rater() {
        RevisionsInForce revisions = new RevisionsInForce();
        RunningStage stage = stage(
                Role.RATER, RaterStage.topology(topics, catalog, SubscriptionDocument::read, revisions), revisions);
        ChargesReader charges = new ChargesReader(stage.streams(), topics, catalog, SubscriptionDocument::read);
        effect = new CatalogEffect(charges, InstantSource.system());
        routes.add(config -> {
            new ChargesForwarding(stage.streams(), self).addTo(config);
            new PriceRoutes().addTo(config);
            new ChargesRoutes(charges, InstantSource.system(), Access::mayRead).addTo(config);
            new CreditsRoutes(charges, Access::mayRead).addTo(config);
        });
    }

    private void invoicer() {
        RevisionsInForce revisions = new RevisionsInForce();
        stage(Role.INVOICER, InvoicerStage.topology(topics, catalog, revisions), revisions);
        InvoiceView invoices = new InvoiceView(topics, clients::consumer);
        RequestView requests = new RequestView(topics, invoices, clients::consumer);
        starts.add(invoices::start);
        starts.add(requests::start);
        conditions.add(invoices::ready);
        conditions.add(requests::ready);
        RequestWriter writer = new RequestWriter(topics, producer);
        CloseRequester closes = new CloseRequester(writer, UsageEnds.of(topics, cluster.admin()), invoices);
        ClosingSchedule closing = settings.closing();
        if (closing.closes()) {
            CloseScheduler scheduler = new CloseScheduler(
                    closes, requests, invoices, this::newest, InstantSource.system(), closing.grace());
            starts.add(scheduler::start);
            beside.add(scheduler);
        }
        deliveries(writer);
        if (closing.review() != null) {
            DraftReview drafts = new DraftReview(invoices, writer, InstantSource.system(), closing.review());
            starts.add(drafts::start);
            beside.add(drafts);
        }
        beside.add(requests);
        beside.add(invoices);
        WebhookSettings.of(Wiring::setting).ifPresent(webhook -> {
            String group = topics.space().applicationId("alert-webhook");
            AlertSender sender =
                    new AlertSender(topics.billingAlerts(), () -> clients.member(group), webhook, registry);
            starts.add(sender::start);
            beside.add(sender);
        });
        IngestProgress progress = IngestProgress.of(topics, Role.INGEST.text(), cluster.admin());
        routes.add(config -> {
            new InvoiceRoutes(invoices, writer, Access::mayRead).addTo(config);
            new ExplainRoutes(invoices::invoice, () -> KafkaLog.open(bootstrap, topics.space()), Access::mayRead)
                    .addTo(config);
            new PeriodRoutes(
                            closes, invoices, requests, progress, this::newest, InstantSource.system(), Access::mayRead)
                    .addTo(config);
        });
    }

    /** What brings deliveries to payment providers; without a key they wait. */
    private void deliveries(RequestWriter writer) {
        KafkaReceipts receipts = new KafkaReceipts(topics, producer);
        KafkaAlerts alerts = new KafkaAlerts(topics, producer);
        DeliveryWorker worker = new DeliveryWorker(
                settings.providers().providers(),
                settings.providers().worker(),
                receipts::write,
                alerts,
                InstantSource.system(),
                bound -> ThreadLocalRandom.current().nextLong(bound));
        DeliveryView view = new DeliveryView(topics, clients::consumer, clients::consumer);
        DeliveryReader reader = new DeliveryReader(topics, clients::sharer, clients::consumer, worker, view);
        starts.add(worker::start);
        starts.add(reader::start);
        beside.add(reader);
        beside.add(worker);
        starts.add(view::start);
        conditions.add(view::ready);
        beside.add(view);
        routes.add(config -> {
            new ReconcileRoutes(view, settings.providers()).addTo(config);
            new WebhookRoutes(settings.providers(), view, writer, receipts, alerts, InstantSource.system())
                    .addTo(config);
            new DeliveryRoutes(view, receipts, InstantSource.system()).addTo(config);
        });
    }

    private RunningStage stage(Role role, Topology topology, RevisionsInForce revisions) {
        StoredState.require(cluster.admin(), settings.space().applicationId(role.text()), topology);
        Properties streams = StreamsSettings.of(
                role,
                settings.space(),
                bootstrap,
                state,
                settings.kafka() != null,
                settings.memory().rocksDbBytes(),
                self.host() + ":" + self.port());
        KafkaStreams application = role == Role.INGEST
                ? new KafkaStreams(topology, streams, IngestStage.clients(topics))
                : new KafkaStreams(topology, streams, new StageClients());
        RunningStage stage = new RunningStage(role, application, revisions, onFailure);
        stages.add(stage);
        return stage;
    }

    /** What the environment says, or the file of --config. */
    private static @Nullable String setting(String name) {
        String environment = System.getenv(name);
        return environment == null ? System.getProperty(name) : environment;
    }

    private Catalog newest() {
        return catalog.newest().catalog();
    }
}

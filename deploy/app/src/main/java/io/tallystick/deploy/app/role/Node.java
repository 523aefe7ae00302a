package io.tallystick.deploy.app.role;

import io.javalin.config.RoutesConfig;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.catalog.CatalogLog;
import io.tallystick.deploy.app.catalog.CatalogRoutes;
import io.tallystick.deploy.app.catalog.CatalogService;
import io.tallystick.deploy.app.kafka.DataDirectory;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.server.ConsoleRoutes;
import io.tallystick.deploy.app.server.HttpServer;
import io.tallystick.deploy.app.server.Metrics;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Tallystick process: its stages, their HTTP interface, and its Kafka where it has one of its own. */
public final class Node implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration CATALOG_PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MS = 20;

    private final NodeSettings settings;
    /** What is open, the newest first: closed in that order. */
    private final Deque<Part> parts = new ArrayDeque<>();

    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private volatile boolean isReady;
    private String url = "";
    private String bootstrap = "";

    private record Part(String name, AutoCloseable closing) {}

    private Node(NodeSettings settings) {
        this.settings = settings;
    }

    /** Starts everything and returns once it is ready to work; a Failure, with nothing left running, when it cannot. */
    public static Node start(NodeSettings settings) {
        Node node = new Node(settings);
        try {
            node.startAll();
        } catch (RequestRefused e) {
            node.close();
            throw Failure.unreachable(e.detail(), "look at the log, and start it again", e);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
        return node;
    }

    /** Where HTTP answers. */
    public String url() {
        return url;
    }

    /** The bootstrap servers of its Kafka. */
    public String bootstrap() {
        return bootstrap;
    }

    /** Completes with what to tell people when a stage has given up. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    private void startAll() {
        // What can be refused is refused before anything slow begins.
        HttpServer.requireKeysBeyondLoopback(settings.host(), settings.keys());
        settings.memory().requireSound(settings.partitions());
        int port = Ports.available(settings.host(), settings.port(), "--port");
        DataDirectory data = open("data directory", DataDirectory.open(settings.data()));
        bootstrap = startKafka(data);
        Cluster cluster = open("admin client", Cluster.connect(bootstrap));
        Topics topics = topics(cluster);
        cluster.requireWhole(topics);
        cluster.prepare(topics, settings.kafka() == null);

        Clients clients = new Clients(bootstrap);
        Producer<String, byte[]> producer = open("producer", clients.producer());
        CatalogLog catalog = open("catalogue", new CatalogLog(topics, clients::consumer));
        catalog.start();
        if (!catalog.awaitCaughtUp(CATALOG_PATIENCE)) {
            throw Failure.unreachable(
                    "topic " + topics.billingCatalog().name() + " on " + bootstrap + " cannot be read in "
                            + CATALOG_PATIENCE.toSeconds() + " s",
                    "check that the brokers run");
        }
        Metrics metrics = open("metrics", new Metrics());
        HostInfo self = new HostInfo(settings.host(), port); // others may join an embedded Kafka, too
        Wiring wiring = new Wiring(
                settings,
                topics,
                cluster,
                clients,
                catalog,
                producer,
                bootstrap,
                data.below("state"),
                self,
                metrics.registry(),
                this::failed);
        List<RevisionsInForce> inForce =
                wiring.stages().stream().map(RunningStage::revisions).toList();
        CatalogService service =
                new CatalogService(topics, catalog, producer, inForce, wiring.hasCounted(), InstantSource.system());
        try (org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer = clients.consumer()) {
            service.begin(this::settingsOf, consumer);
        }

        wiring.stages().forEach(stage -> metrics.add(stage.role().text(), stage.streams()));
        wiring.stages().forEach(stage -> open("stage " + stage.role(), (AutoCloseable) stage::close));
        wiring.beside().forEach(one -> open(one.getClass().getSimpleName(), one));
        wiring.start();
        url = open("http", serve(port, metrics, wiring, service, topics, cluster))
                .url();
        awaitReady(wiring, service, catalog);
    }

    private String startKafka(DataDirectory data) {
        String given = settings.kafka();
        if (given != null) {
            return given;
        }
        int port = Ports.available("127.0.0.1", settings.kafkaPort(), "--kafka-port");
        return open("kafka", EmbeddedKafka.start(data.below("kafka"), port, settings.timestampsAhead()))
                .bootstrap();
    }

    private Topics topics(Cluster cluster) {
        Topics wanted = new Topics(settings.space(), settings.partitions());
        return cluster.partitionsOf(wanted)
                .map(standing -> new Topics(settings.space(), standing))
                .orElse(wanted);
    }

    private HttpServer serve(
            int port, Metrics metrics, Wiring wiring, CatalogService service, Topics topics, Cluster cluster) {
        List<Consumer<RoutesConfig>> routes = new ArrayList<>(wiring.routes());
        routes.add(config -> new CatalogRoutes(service, wiring.effect()).addTo(config));
        routes.add(config -> new InfoRoutes(topics, bootstrap, settings.roles()).addTo(config));
        routes.add(ConsoleRoutes::addTo);
        return HttpServer.start(
                settings.host(),
                port,
                settings.keys(),
                metrics,
                () -> isReady && wiring.isReady() && cluster.answers(topics),
                routes);
    }

    private Catalog.Settings settingsOf(Catalog.Settings standing) {
        Duration horizon = settings.horizon();
        Duration skew = settings.skew();
        return new Catalog.Settings(
                horizon == null ? standing.horizon() : horizon, skew == null ? standing.skew() : skew);
    }

    /** However long the stores take to restore; a stage that gives up ends it. */
    private void awaitReady(Wiring wiring, CatalogService service, CatalogLog catalog) {
        boolean isAlone = settings.kafka() == null;
        while (!wiring.isReady()
                || (isAlone && !service.isInForce(catalog.newest().number()))) {
            try {
                throw Failure.unreachable(
                        failure.get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS), "look at the log, and start it again");
            } catch (TimeoutException e) {
                // not failed: look again
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.unreachable("interrupted while starting", "start it again", e);
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e); // it only ever completes with a text
            }
        }
        isReady = true;
    }

    private void failed(String what) {
        failure.complete(what);
    }

    private <T extends AutoCloseable> T open(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** Stops: first what takes requests, then the stages, then what they stand on. */
    @Override
    public void close() {
        isReady = false;
        Part part;
        while ((part = parts.poll()) != null) {
            long startedAt = System.nanoTime();
            try {
                part.closing().close();
                LOG.info(
                        "closed part={} millis={}",
                        part.name(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
            } catch (Exception e) {
                LOG.warn("close_failed part={}", part.name(), e);
            }
        }
    }
}

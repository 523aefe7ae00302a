package io.tallystick.deploy.verify.aggregator;

import io.javalin.Javalin;
import io.tallystick.aggregator.http.UsageRoutes;
import io.tallystick.aggregator.stream.AggregatorStage;
import io.tallystick.aggregator.stream.UsageReader;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.stream.StageClients;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** One process's aggregator with its HTTP interface, for a catalogue of one meter. */
final class RunningAggregator implements AutoCloseable {

    static final String METER = "units";

    private static final String HOST = "127.0.0.1";
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

    private final KafkaStreams streams;
    private final Javalin server;
    private final RevisionsInForce revisions;

    private RunningAggregator(KafkaStreams streams, Javalin server, RevisionsInForce revisions) {
        this.streams = streams;
        this.server = server;
        this.revisions = revisions;
    }

    static RunningAggregator start(Topics topics, String bootstrap, Path state) throws Exception {
        HostInfo self = new HostInfo(HOST, Ports.free());
        RevisionsInForce revisions = new RevisionsInForce();
        CatalogRevision revision = new CatalogRevision(1, "sha256:00", catalog());
        KafkaStreams streams = new KafkaStreams(
                AggregatorStage.topology(topics, logOf(topics, bootstrap), (number, patience) -> revision, revisions),
                settings(topics, bootstrap, state, self),
                new StageClients());
        UsageReader usage = new UsageReader(streams, topics, self);
        UsageRoutes routes = new UsageRoutes(usage, revision::catalog, (context, tenant) -> true);
        Javalin server = Javalin.create(config -> {
                    routes.addTo(config.routes);
                    config.routes.exception(RequestRefused.class, (refused, context) -> {
                        context.status(refused.status()).result(refused.detail());
                        refused.retryAfterSeconds()
                                .ifPresent(seconds -> context.header("Retry-After", Integer.toString(seconds)));
                    });
                })
                .start(self.host(), self.port());
        streams.start();
        return new RunningAggregator(streams, server, revisions);
    }

    String url() {
        return "http://" + HOST + ":" + server.port();
    }

    /** How many partitions it holds. */
    int partitions() {
        return revisions.byPartition().size();
    }

    @Override
    public void close() {
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_PATIENCE));
        server.stop();
    }

    private static String logOf(Topics topics, String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            String name = topics.usageAccepted().name();
            return admin.describeTopics(List.of(name))
                    .allTopicNames()
                    .get()
                    .get(name)
                    .topicId()
                    .toString();
        }
    }

    private static Catalog catalog() {
        TreeMap<String, DataPath> dimensions = new TreeMap<>();
        dimensions.put("region", DataPath.ofMember("region"));
        TreeMap<String, Meter> meters = new TreeMap<>();
        meters.put(
                METER,
                new Meter(
                        METER,
                        "",
                        "used",
                        Aggregation.SUM,
                        DataPath.ofMember("units"),
                        dimensions,
                        new TreeMap<>(),
                        "",
                        null,
                        false,
                        Meter.ValueKind.LEVEL,
                        null));
        return new Catalog(Catalog.Settings.DEFAULT, meters, new TreeMap<>(), new TreeMap<>());
    }

    private static Properties settings(Topics topics, String bootstrap, Path state, HostInfo self) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.space().applicationId(AggregatorStage.NAME));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        settings.put("session.timeout.ms", 6000);
        settings.put("heartbeat.interval.ms", 500);
        return settings;
    }
}

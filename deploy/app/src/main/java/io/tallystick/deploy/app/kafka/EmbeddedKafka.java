package io.tallystick.deploy.app.kafka;

import io.tallystick.deploy.app.Failure;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node, broker and controller in one, inside this process: its data in a directory, its listeners on 127.0.0.1 only.
 * It stands on classes that Kafka calls internal, so the version is pinned.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    private static final String HOST = "127.0.0.1";
    private static final int NODE_ID = 1;
    private static final int RECORD_BYTES_MAX = 10 * 1024 * 1024; // 8 MiB of event, and the headers a dead letter adds
    private static final int COORDINATOR_PARTITIONS = 4;

    private final KafkaRaftServer server;
    private final int port;
    private boolean closed;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts on {@code directory}, which is formatted when it is new; returns once topics can be created.
     *
     * @param port that clients connect to
     * @param timestampsAhead how far ahead of this machine's clock a record's timestamp may be on topics that do not say themselves
     */
    public static EmbeddedKafka start(Path directory, int port, Duration timestampsAhead) {
        int controllerPort = Ports.free(); // only this process ever connects to it, so it may change with each start
        Map<String, String> settings = settings(directory, port, controllerPort, timestampsAhead);
        KafkaRaftServer server;
        try {
            formatOnce(directory);
            if (FormerNode.wasKilledIn(directory)) {
                FormerNode.withdraw(settings, NODE_ID, HOST + ":" + controllerPort);
            }
            server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        } catch (KafkaException e) {
            throw Failure.wrongInput(
                    "the embedded Kafka cannot use " + directory + " (" + e.getMessage() + ")",
                    "name another directory with --data",
                    e);
        }
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw Failure.wrongInput(
                    "the embedded Kafka does not start on " + HOST + ":" + port + " with its data in " + directory
                            + " (" + e.getMessage() + ")",
                    "run again with --verbose to see why",
                    e);
        }
        LOG.info("embedded_kafka_started port={} directory={}", port, directory);
        return new EmbeddedKafka(server, port);
    }

    public String bootstrap() {
        return HOST + ":" + port;
    }

    /** Stops in order, so that the next start need not recover. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void formatOnce(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) { // written last
            return;
        }
        try {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new KafkaException("the storage cannot be formatted: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> settings(
            Path directory, int port, int controllerPort, Duration timestampsAhead) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        settings.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", directory.toString());

        // One node: nothing is replicated, and a handful of coordinator partitions is plenty.
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", Integer.toString(COORDINATOR_PARTITIONS));
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", Integer.toString(COORDINATOR_PARTITIONS));
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");

        // A clean stop tells the controller. After a crash the next start waits for the old session, so it is short;
        // but
        // longer than a busy machine leaves a broker without its turn, which would fence it in the middle of its work.
        settings.put("controlled.shutdown.enable", "true");
        settings.put("broker.session.timeout.ms", "4000");
        settings.put("broker.heartbeat.interval.ms", "300");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

        // Small: the broker shares its heap with the stages, and a crash reads back every segment that is still written
        // to.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        settings.put("log.segment.bytes", Integer.toString(128 * 1024 * 1024));
        settings.put("log.index.size.max.bytes", Integer.toString(2 * 1024 * 1024));

        settings.put("log.retention.ms", "-1");
        settings.put("message.max.bytes", Integer.toString(RECORD_BYTES_MAX));
        settings.put("log.message.timestamp.after.max.ms", Long.toString(timestampsAhead.toMillis()));
        return settings;
    }
}

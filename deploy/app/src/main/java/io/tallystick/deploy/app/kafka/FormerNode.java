package io.tallystick.deploy.app.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker that a process was when it was killed. Kafka's metadata still has it as the living leader of every partition.
 *
 * <p>A broker that starts on such metadata leads at once, before the controller notices that the former one is gone and takes
 * the leadership away for a moment. In Kafka 4.3.1 a transaction that was being committed at the kill can then be written down as
 * complete although its markers were not written, since a partition without a leader is mistaken for one that was deleted
 * (KAFKA-20734): half of the transaction is lost to readers, and the other half hangs for ever. So the former broker is taken out of the
 * metadata first, by a controller that runs alone; the new one then starts without any leadership and gets all of it at once.
 */
final class FormerNode {

    /** What Kafka leaves behind when it stops in order. */
    private static final String CLEAN_STOP = ".kafka_cleanshutdown";

    private static final Logger LOG = LoggerFactory.getLogger(FormerNode.class);
    private static final Duration DONE_WITHIN = Duration.ofSeconds(60);
    private static final int ATTEMPT_MS = 10_000;
    private static final long PAUSE_MS = 200;

    private FormerNode() {}

    /** Whether a broker ran on this directory and did not stop in order. */
    static boolean wasKilledIn(Path directory) {
        return Files.exists(directory.resolve("__cluster_metadata-0")) && !Files.exists(directory.resolve(CLEAN_STOP));
    }

    /**
     * Takes it out of the metadata.
     *
     * @param settings of the node, with both roles
     * @param controller the address of the controller's listener
     */
    static void withdraw(Map<String, String> settings, int nodeId, String controller) {
        Map<String, String> alone = new HashMap<>(settings);
        alone.put("process.roles", "controller");
        alone.put("listeners", "CONTROLLER://" + controller);
        alone.remove("advertised.listeners");
        alone.remove("inter.broker.listener.name");
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(alone, false), Time.SYSTEM);
        try {
            server.startup();
            try (Admin admin = Admin.create(Map.of(
                    "bootstrap.controllers",
                    controller,
                    "default.api.timeout.ms",
                    ATTEMPT_MS,
                    "request.timeout.ms",
                    ATTEMPT_MS))) {
                unregister(admin, nodeId);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while the killed broker is withdrawn", e);
        } finally {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    /** Asks until the controller has done it: one that has just started may not lead yet, or not know yet what it will. */
    private static void unregister(Admin admin, int nodeId) throws InterruptedException {
        long end = System.nanoTime() + DONE_WITHIN.toNanos();
        for (long attempt = 1; ; attempt++) {
            try {
                admin.unregisterBroker(nodeId).all().get();
                return;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof BrokerIdNotRegisteredException) { // killed before it had registered
                    return;
                }
                LOG.warn("killed_broker_not_withdrawn attempt={} cause={}", attempt, String.valueOf(cause));
                if (System.nanoTime() - end > 0) {
                    throw new KafkaException("the killed broker cannot be withdrawn: " + cause, cause);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
        }
    }
}

package io.tallystick.deploy.bench.process;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.role.ClosingSchedule;
import io.tallystick.deploy.app.role.MemorySizes;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import io.tallystick.deploy.app.role.Role;
import io.tallystick.deploy.app.role.StreamsSettings;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.stream.CommitPacer;
import io.tallystick.schemas.stream.StageClients;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** A process that runs one thing until its standard input ends: a broker, stages, or a topology that they are compared with. */
public final class Child {

    static final String READY = "ready ";

    /** Stream threads of what is compared with ingest: as many as ingest has. */
    private static final int THREADS = 2;
    /** The DSL's own default, which the textbook leaves as it is. */
    private static final long TEXTBOOK_CACHE_BYTES = 10L << 20;

    private Child() {}

    /** {@code broker DIR}, {@code stages BOOTSTRAP DIR ROLE,…}, {@code copy BOOTSTRAP DIR} or {@code textbook BOOTSTRAP DIR}. */
    public static void main(String[] arguments) throws Exception {
        long startedAt = System.nanoTime();
        Locale.setDefault(Locale.Category.FORMAT, Locale.US); // as every process of ours has it
        try (AutoCloseable running = start(arguments)) {
            if (running instanceof EmbeddedKafka kafka) {
                System.out.println(READY + kafka.bootstrap());
            } else if (running instanceof Node node) {
                long millis = Duration.ofNanos(System.nanoTime() - startedAt).toMillis();
                System.out.println(READY + millis + " " + node.url());
            } else {
                System.out.println(READY);
            }
            System.out.flush();
            awaitEnd();
        } catch (Failure e) {
            System.err.println(e.getMessage());
            System.exit(e.exitStatus());
        }
        System.exit(0);
    }

    private static AutoCloseable start(String[] arguments) {
        return switch (arguments[0]) {
            case "broker" -> EmbeddedKafka.start(Path.of(arguments[1]), Ports.free(), Duration.ofHours(1));
            case "stages" -> stages(arguments[1], Path.of(arguments[2]), arguments[3]);
            case "copy" -> streams(CopyTopology.build(), CopyTopology.NAME, 0, arguments[1], arguments[2]);
            case "textbook" ->
                streams(
                        TextbookTopology.build(),
                        TextbookTopology.NAME,
                        TEXTBOOK_CACHE_BYTES,
                        arguments[1],
                        arguments[2]);
            default -> throw new IllegalArgumentException(arguments[0]);
        };
    }

    private static Node stages(String bootstrap, Path directory, String roles) {
        return Node.start(new NodeSettings(
                Arrays.stream(roles.split(","))
                        .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class))),
                directory,
                "127.0.0.1",
                0,
                null,
                bootstrap,
                0,
                Duration.ofHours(1),
                Space.DEFAULT,
                Topics.PARTITIONS_EMBEDDED,
                ClosingSchedule.MANUAL,
                null,
                null,
                MemorySizes.DEFAULT,
                ProviderSettings.none()));
    }

    private static AutoCloseable streams(
            Topology topology, String name, long cacheBytes, String bootstrap, String directory) {
        Properties settings = StreamsSettings.forApplication(
                name, THREADS, bootstrap, Path.of(directory), true, MemorySizes.DEFAULT.rocksDbBytes(), null);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, cacheBytes);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, CommitPacer.LIVE_CEILING_MS);
        KafkaStreams streams = new KafkaStreams(topology, settings, new StageClients());
        streams.start();
        return () -> streams.close(CloseOptions.timeout(Duration.ofSeconds(20))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // nothing that is said means anything
        }
    }
}

package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.role.ClosingSchedule;
import io.tallystick.deploy.app.role.MemorySizes;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import io.tallystick.deploy.app.role.Role;
import io.tallystick.deploy.app.server.ApiKeys;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code up} and {@code run} have in common. */
final class NodeOptions {

    enum Closing {
        MANUAL,
        AUTO
    }

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where data is kept (default: ${DEFAULT-VALUE}): logs in DIR/kafka, stores in DIR/state.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path data;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "Of HTTP (default: ${DEFAULT-VALUE}); 0 for any free one.")
    private int port;

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            defaultValue = "127.0.0.1",
            description = "The address of HTTP (default: ${DEFAULT-VALUE}); others than loopback need --keys.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String listen;

    @Option(names = "--keys", paramLabel = "FILE", description = "A YAML file of API keys.")
    private @Nullable Path keys;

    @Option(
            names = "--close",
            paramLabel = "manual|auto",
            defaultValue = "manual",
            description = "Whether periods are closed by schedule (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Closing close;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "PT1H",
            converter = Instants.DurationFromZero.class,
            description = "How long after its end a period is closed by schedule (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Duration grace;

    @Option(
            names = "--review",
            paramLabel = "DURATION",
            converter = Instants.DurationFromZero.class,
            description = "How long a draft waits until it is finalized by itself (at first: until somebody does).")
    private @Nullable Duration review;

    @Option(
            names = "--horizon",
            paramLabel = "DURATION",
            converter = Instants.PositiveDuration.class,
            description = "How long an identity is remembered and how old an event may be (at first: P35D).")
    private @Nullable Duration horizon;

    @Option(
            names = "--skew",
            paramLabel = "DURATION",
            converter = Instants.PositiveDuration.class,
            description = "How far ahead of its record an event's time may be (at first: PT1H).")
    private @Nullable Duration skew;

    @Option(
            names = "--space",
            paramLabel = "S",
            defaultValue = "default",
            description = "The named world of topics, applications and stores to work in (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String space;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of a space that is new, for ever (default: " + Topics.PARTITIONS_EMBEDDED + " embedded, "
                    + Topics.PARTITIONS_CLUSTER + " on a cluster).")
    private @Nullable Integer partitions;

    @Option(
            names = "--identity-heap",
            paramLabel = "SIZE",
            defaultValue = "96M",
            converter = ByteSize.class,
            description = "Heap for the newest identities of all partitions (default: ${DEFAULT-VALUE}).")
    private long identityHeap;

    @Option(
            names = "--identity-filters",
            paramLabel = "SIZE",
            defaultValue = "256M",
            converter = ByteSize.class,
            description =
                    "Memory off the heap for the filters of all other identities, 2 bytes each (default: ${DEFAULT-VALUE}).")
    private long identityFilters;

    @Option(
            names = "--rocksdb-memory",
            paramLabel = "SIZE",
            defaultValue = "256M",
            converter = ByteSize.class,
            description = "Memory off the heap for blocks and write buffers of all stores (default: ${DEFAULT-VALUE}).")
    private long rocksDbMemory;

    @Option(
            names = "--live",
            description = "Ask for real money: needed with a provider's live key, refused with a test key.")
    private boolean live;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CostOptions costs;

    /** Read before everything else, by {@link ConfigFile}. */
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML file of these options without their dashes, and of provider settings.")
    @SuppressWarnings("UnusedVariable")
    private @Nullable Path config;

    /** What a process does beside its stages once it is ready. */
    Consumer<Node> whenReady() {
        return costs.whenReady(space, keys != null);
    }

    NodeSettings settings(Set<Role> roles, @Nullable String kafka, int kafkaPort) {
        Space named;
        try {
            named = new Space(space);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput(String.valueOf(e.getMessage()), "choose another --space", e);
        }
        if (partitions != null) {
            PartitionCount.require(partitions);
        }
        requirePort("--port", port);
        requirePort("--kafka-port", kafkaPort);
        return new NodeSettings(
                roles,
                data,
                listen,
                port,
                keys == null ? null : ApiKeys.read(keys),
                kafka,
                kafkaPort,
                Duration.ofHours(1),
                named,
                partitions != null
                        ? partitions
                        : kafka == null ? Topics.PARTITIONS_EMBEDDED : Topics.PARTITIONS_CLUSTER,
                new ClosingSchedule(close == Closing.AUTO, grace, review),
                horizon,
                skew,
                new MemorySizes(identityHeap, identityFilters, rocksDbMemory),
                providers());
    }

    private ProviderSettings providers() {
        try {
            return ProviderSettings.of(NodeOptions::providerSetting, live);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput(String.valueOf(e.getMessage()), "correct the environment or the --config file", e);
        }
    }

    /** From the environment, or from where the --config file's settings are put. */
    private static Optional<String> providerSetting(String name) {
        String environment = System.getenv(name);
        return Optional.ofNullable(environment == null ? System.getProperty(name) : environment);
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > 65535) {
            throw Failure.wrongInput(
                    String.format(Locale.ROOT, "%s is %d", option, port), "a port is 0 (any free one) to 65535");
        }
    }
}

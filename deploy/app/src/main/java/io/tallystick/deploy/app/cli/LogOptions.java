package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.replay.KafkaLog;
import io.tallystick.schemas.topic.Space;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command that reads the log itself reaches the cluster: it is told, or asks the service. */
final class LogOptions {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ServiceOptions service;

    @Option(names = "--kafka", paramLabel = "BOOTSTRAP", description = "The cluster (default: asked of --url).")
    private @Nullable String kafka;

    @Option(names = "--space", paramLabel = "S", description = "The space, with --kafka (default: default).")
    private @Nullable String space;

    /** Refuses a space that would not be looked at: a service knows its own, and a bundle has none. */
    void requireSpaceOfCluster() {
        requireSpaceOfCluster(kafka, space);
    }

    static void requireSpaceOfCluster(@Nullable String kafka, @Nullable String space) {
        if (kafka == null && space != null) {
            throw Failure.wrongInput(
                    "--space " + space + " goes with --kafka: a service answers for its own space only",
                    "name the cluster with --kafka, or leave out --space and name the service of that space with --url");
        }
    }

    /** Whether there is no service to ask. */
    boolean isClusterAlone() {
        return kafka != null;
    }

    ServiceClient client() {
        return service.client();
    }

    KafkaLog open() {
        requireSpaceOfCluster();
        String bootstrap = kafka;
        String name = space;
        if (bootstrap == null) {
            JsonNode info = service.client().get("/api/v1/info", Map.of());
            bootstrap = info.path("kafka").asText();
            name = info.path("space").asText();
        }
        try {
            return KafkaLog.open(bootstrap, name == null ? Space.DEFAULT : new Space(name));
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput(String.valueOf(e.getMessage()), "choose another --space", e);
        }
    }
}

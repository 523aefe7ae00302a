package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code void}: takes an accepted event out of everything that is billed. */
@Command(
        name = "void",
        description = {
            "Void an accepted event: totals, charges, limits and invoices follow as if it had never come.",
            "Its identity stays taken: a corrected event is sent with another id."
        },
        mixinStandardHelpOptions = true)
final class VoidCommand extends ReadingCommand {

    @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "The event's subject.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String tenant;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Event event;

    /** How an event is named. */
    private static final class Event {

        @ArgGroup(exclusive = false)
        @Nullable
        private SourceAndId pair;

        @Option(
                names = "--idempotency-key",
                paramLabel = "KEY",
                description = "Its idempotency key, if it was sent with one.")
        @Nullable
        private String key;
    }

    private static final class SourceAndId {

        @Option(names = "--source", required = true, paramLabel = "SOURCE", description = "The event's source.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String source;

        @Option(names = "--id", required = true, paramLabel = "ID", description = "The event's id.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String id;
    }

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why, for whoever asks later; it is kept with the void.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String reason;

    @Override
    JsonNode read(ServiceClient client) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (event.pair != null) {
            body.put("source", event.pair.source);
            body.put("id", event.pair.id);
        } else {
            body.put("idempotencyKey", event.key);
        }
        body.put("reason", reason);
        return client.post("/api/v1/tenants/" + ServiceClient.segment(tenant) + "/events/void", body);
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        StringJoiner meters = new StringJoiner(", ");
        answer.path("meters").forEach(meter -> meters.add(meter.asText()));
        out.println("voided the event of " + answer.path("tenant").asText() + " of "
                + answer.path("time").asText() + " at "
                + answer.path("place").path("partition").asText() + "@"
                + answer.path("place").path("offset").asText() + ": "
                + (meters.length() == 0 ? "no meter counted it" : meters + " count it no more"));
    }
}

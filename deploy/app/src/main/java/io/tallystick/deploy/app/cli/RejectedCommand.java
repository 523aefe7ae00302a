package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rejected}: the dead letters, to look at or to send again. */
@Command(
        name = "rejected",
        description = {
            "List the events that were rejected, and why; or send them again, as after a change of the catalogue.",
            "An event is sent again at most once per catalogue revision."
        },
        mixinStandardHelpOptions = true)
final class RejectedCommand extends ReadingCommand {

    enum Action {
        list,
        redrive
    }

    @Parameters(
            paramLabel = "list|redrive",
            arity = "0..1",
            defaultValue = "list",
            description = "What to do with them (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Action action;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "List at most so many, the newest first (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--reason", paramLabel = "REASON", description = "List only those of one reason, as unknown_type.")
    private @Nullable String reason;

    @Override
    JsonNode read(ServiceClient client) {
        return switch (action) {
            case list -> {
                Map<String, @Nullable Object> query = new LinkedHashMap<>();
                query.put("reason", reason);
                query.put("limit", limit);
                yield client.get("/api/v1/rejected", query);
            }
            case redrive -> client.post("/api/v1/rejected/redrive", Map.of());
        };
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        switch (action) {
            case list -> showList(answer, out);
            case redrive ->
                out.println("sent " + answer.path("sent").asText() + " events again under catalogue revision "
                        + answer.path("catalogRevision").asText() + "; "
                        + answer.path("skipped").asText() + " were too large to be kept");
        }
    }

    private static void showList(JsonNode answer, PrintWriter out) {
        Table table = new Table("reason", "place", "arrived", "detail");
        for (JsonNode letter : answer.path("data")) {
            table.row(
                    letter.path("reason").asText(),
                    letter.path("topic").asText() + " "
                            + letter.path("partition").asText() + "@"
                            + letter.path("offset").asText(),
                    letter.path("arrived").asText(),
                    letter.path("detail").asText());
        }
        out.println(table.isEmpty() ? "nothing was rejected" : table.toString());
    }
}

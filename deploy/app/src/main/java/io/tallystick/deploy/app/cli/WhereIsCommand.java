package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.explain.EventFinder;
import io.tallystick.deploy.app.replay.LogSource;
import java.io.PrintWriter;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code where-is}: what became of one event. */
@Command(
        name = "where-is",
        description = {
            "Find one event: whether it was accepted, a duplicate or rejected, in which window it is and on which invoice.",
            "Exits 1 when there is no such event."
        },
        mixinStandardHelpOptions = true)
final class WhereIsCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "The event's subject.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String tenant;

    @Option(names = "--source", paramLabel = "S", description = "The event's source, with --id.")
    private @Nullable String source;

    @Option(names = "--id", paramLabel = "I", description = "The event's id, with --source.")
    private @Nullable String id;

    @Option(
            names = "--idempotency-key",
            paramLabel = "K",
            description = "The event's idempotencykey, in place of source and id.")
    private @Nullable String key;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (key == null ? source == null || id == null : source != null || id != null) {
            throw Failure.wrongInput(
                    "an event is named by --source and --id, or by --idempotency-key alone",
                    "give what its producer gave it");
        }
        JsonNode found;
        try (LogSource opened = log.open()) {
            found = JSON.valueToTree(new EventFinder(opened).find(new EventFinder.Wanted(tenant, key, source, id)));
        }
        if (json) {
            out.println(Output.json(found));
        } else {
            show(found, id != null, out);
        }
        return found.path("outcome").asText().equals("unknown") ? Failure.CHECK_FAILED : 0;
    }

    /** @param isById whether it was looked for by source and id, which do not find an event that came with an idempotency key */
    static void show(JsonNode found, boolean isById, PrintWriter out) {
        String outcome = found.path("outcome").asText();
        out.println(
                isById && outcome.equals("unknown")
                        ? "unknown; an event that came with an idempotency key is found by --idempotency-key only"
                        : outcome);
        for (JsonNode event : found.path("accepted")) {
            out.println(
                    "accepted from usage.events " + ExplainCommand.place(event.path("place")) + " at usage.accepted "
                            + ExplainCommand.place(event.path("accepted")) + ", sequence "
                            + event.path("sequence").asText() + ", under catalogue revision "
                            + event.path("revision").asText() + ", time "
                            + event.path("time").asText());
            if (event.has("voided")) {
                out.println("voided " + event.path("voided").path("at").asText() + ", sequence "
                        + event.path("voided").path("sequence").asText() + ": "
                        + event.path("voided").path("reason").asText());
            }
            Table table = new Table("meter", "value>", "for", "window", "line", "invoice");
            for (JsonNode reading : event.path("readings")) {
                addRows(reading, table);
            }
            out.println(table.isEmpty() ? "no meter reads it" : table.toString());
        }
        for (JsonNode one : found.path("duplicates")) {
            out.println("duplicate at usage.events " + ExplainCommand.place(one.path("place")));
        }
        for (JsonNode one : found.path("undecided")) {
            out.println("not decided yet: usage.events " + ExplainCommand.place(one.path("place")));
        }
        for (JsonNode one : found.path("rejected")) {
            out.println("rejected at usage.events " + ExplainCommand.place(one.path("place")) + " as "
                    + one.path("reason").asText() + " (" + one.path("detail").asText() + ")");
        }
    }

    private static void addRows(JsonNode reading, Table table) {
        StringJoiner dimensions = new StringJoiner(", ");
        reading.path("dimensions")
                .properties()
                .forEach(one ->
                        dimensions.add(one.getKey() + "=" + one.getValue().asText()));
        String window = reading.path("windowStart").asText();
        String meter = reading.path("meter").asText();
        String value = reading.path("value").asText();
        if (reading.path("lines").isEmpty()) {
            table.row(meter, value, dimensions, window, "no subscription bills it", "");
        }
        for (JsonNode line : reading.path("lines")) {
            table.row(meter, value, dimensions, window, line.path("name").asText(), invoice(line));
        }
    }

    private static String invoice(JsonNode line) {
        String on = line.has("invoice")
                ? line.path("invoice").asText()
                        + (line.has("line") ? ", line " + line.path("line").asText() : "")
                : "";
        return switch (line.path("state").asText()) {
            case "billed" -> on.isEmpty() ? "closing" : on;
            case "late" ->
                "late for the period's invoice"
                        + switch (line.path("effect").asText()) {
                            case "adjusted" -> "; on " + on;
                            case "reported" -> "; reported only";
                            case "none" -> "; changed no amount";
                            case "pending" -> "; for the next close";
                            case "unbooked" -> "; no invoice books it: it changed no amount, or its close is under way";
                            default -> "";
                        };
            default -> "not invoiced yet";
        };
    }
}

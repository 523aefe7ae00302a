package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}: why the lines of an invoice are what they are, and what one is made of. */
@Command(
        name = "explain",
        description = "Show how each line of an invoice came about; with --line, down to its hours and events.",
        mixinStandardHelpOptions = true)
final class ExplainCommand extends ReadingCommand {

    @Parameters(paramLabel = "ID", description = "As 'invoices' lists it: acme-main-2026-04-01.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Option(names = "--line", paramLabel = "N", description = "Which line, from 1 in the invoice's order.")
    private @Nullable Integer line;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many events (default: 100).")
    private @Nullable Integer limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Go on behind the page that ended with this.")
    private @Nullable String after;

    @Override
    JsonNode read(ServiceClient client) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("line", line);
        query.put("limit", limit);
        query.put("after", after);
        return client.get("/api/v1/invoices/" + ServiceClient.segment(id) + "/explain", query);
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        out.println(
                answer.path("number").asText() + "  (" + answer.path("invoice").asText() + "), tenant "
                        + answer.path("tenant").asText() + ", from usage.accepted in front of "
                        + place(answer.path("cut")));
        if (answer.has("lines")) {
            answer.path("lines").forEach(one -> showLine(one, out));
            return;
        }
        showLine(answer, out);
        Table windows = new Table("hour", "events>", "sum>", "accepted at");
        for (JsonNode window : answer.path("windows")) {
            windows.row(
                    window.path("windowStart").asText(),
                    window.path("events").asText(),
                    window.path("sum").asText(""),
                    window.path("firstOffset").asText() + " to "
                            + window.path("lastOffset").asText());
        }
        if (!windows.isEmpty()) {
            out.println(windows);
        }
        showEvents(answer.path("events"), out);
    }

    private static void showLine(JsonNode line, PrintWriter out) {
        JsonNode item = line.path("item");
        out.println();
        out.println("line " + line.path("line").asText() + ": "
                + item.path("description").asText() + ", "
                + item.path("kind").asText() + ", priced by "
                + item.path("pricingVersion").asText() + ", "
                + item.path("period").path("start").asText() + " to "
                + item.path("period").path("end").asText());
        Table steps = new Table("step", "value>", "rule");
        for (JsonNode step : line.path("steps")) {
            steps.row(
                    step.path("step").asText(),
                    step.path("value").asText(),
                    step.path("rule").asText());
        }
        out.println(steps);
    }

    private static void showEvents(JsonNode events, PrintWriter out) {
        Table table = new Table("time", "value>", "for", "came at", "accepted at", "event");
        for (JsonNode event : events.path("data")) {
            StringJoiner dimensions = new StringJoiner(", ");
            event.path("dimensions")
                    .properties()
                    .forEach(one ->
                            dimensions.add(one.getKey() + "=" + one.getValue().asText()));
            table.row(
                    event.path("time").asText(),
                    event.path("value").asText()
                            + (event.path("voided").asBoolean() ? " taken back" : ""), // voided since
                    dimensions,
                    place(event.path("place")),
                    event.path("acceptedOffset").asText(),
                    event.path("event").path("value").asText("gone"));
        }
        if (!table.isEmpty()) {
            out.println(table);
        }
        out.println(events.path("count").asText() + " events");
        if (events.path("next").isTextual()) {
            out.println("more with --after " + events.path("next").asText());
        }
    }

    static String place(JsonNode place) {
        return place.path("partition").asText() + "@" + place.path("offset").asText();
    }
}

package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code apply}: publishes a catalogue. */
@Command(
        name = "apply",
        description = "Validate and publish a catalogue; applying the same again changes nothing.",
        mixinStandardHelpOptions = true)
final class ApplyCommand extends ServiceCommand {

    private static final String DRY_RUN = "?dryRun=true&limit=" + ApplyCommand.PAGE_TENANTS;
    private static final int PAGE_TENANTS = 200;
    private static final String EFFECT = "effect";
    private static final String NEXT = "next";

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "YAML or JSON, one or many documents; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> files;

    @Option(
            names = "--dry-run",
            description = "Say what would change and what it would do to the bills of open periods; change nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Override
    void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        byte[] documents = documents();
        JsonNode answer = dryRun ? preview(client, documents, err) : put(client, documents, "");
        if (json) {
            out.println(Output.json(answer));
            return;
        }
        show(answer, out);
        if (dryRun && !answer.path("changes").isEmpty()) {
            EffectText.print(answer.path("effect"), out);
        }
    }

    private byte[] documents() {
        ByteArrayOutputStream documents = new ByteArrayOutputStream();
        for (Path file : files) {
            if (documents.size() > 0) {
                documents.writeBytes("\n---\n".getBytes(StandardCharsets.US_ASCII));
            }
            documents.writeBytes(Inputs.contentOf(file));
        }
        return documents.toByteArray();
    }

    private static JsonNode put(ServiceClient client, byte[] documents, String query) {
        return client.put("/api/v1/catalog" + query, "application/yaml", documents);
    }

    /** Page after page of tenants, as one answer. */
    private static JsonNode preview(ServiceClient client, byte[] documents, PrintWriter err) {
        JsonNode first = put(client, documents, DRY_RUN);
        if (!(first.path(EFFECT) instanceof ObjectNode effect)) {
            return first;
        }
        EffectTotals totals = new EffectTotals();
        totals.add(effect);
        int touched = effect.path("tenantsTouched").asInt();
        int done = PAGE_TENANTS;
        try (Progress progress = new Progress(err, "tenants rated", touched)) {
            JsonNode page = effect;
            while (!page.path(NEXT).isNull()) {
                progress.at(Math.min(done, touched));
                JsonNode answer = put(
                        client,
                        documents,
                        DRY_RUN + "&after="
                                + ServiceClient.segment(page.path(NEXT).asText()));
                if (!answer.path("hash").equals(first.path("hash"))) {
                    throw Failure.unreachable(
                            "somebody published a catalogue meanwhile, so the figures would not belong together",
                            "run the command again");
                }
                page = answer.path(EFFECT);
                effect.withArray("data").addAll((ArrayNode) page.path("data"));
                effect.withArray("notCovered").addAll((ArrayNode) page.path("notCovered"));
                totals.add(page);
                done += PAGE_TENANTS;
            }
        }
        effect.set("totals", totals.tree());
        effect.putNull(NEXT);
        return first;
    }

    private void show(JsonNode answer, PrintWriter out) {
        JsonNode changes = answer.path("changes");
        for (JsonNode change : changes) {
            out.println(change.path("change").asText() + " "
                    + change.path("kind").asText() + " " + change.path("name").asText());
            for (JsonNode field : change.path("fields")) {
                out.println("  " + field.path("path").asText() + ": " + value(field.path("before")) + " -> "
                        + value(field.path("after")));
            }
        }
        String revision = "revision " + answer.path("revision").asText() + " ("
                + answer.path("hash").asText() + ")";
        if (changes.isEmpty()) {
            out.println("nothing changes: " + revision + " stays in force");
        } else if (dryRun) {
            out.println("this would be " + revision + "; nothing is published");
        } else {
            out.println(revision + " is in force");
        }
    }

    private static String value(JsonNode value) {
        return value.isNull() ? "nothing" : value.asText();
    }
}

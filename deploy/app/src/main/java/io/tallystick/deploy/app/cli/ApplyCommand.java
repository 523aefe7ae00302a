package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
final class ApplyCommand extends ReadingCommand {

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "YAML or JSON, one or many documents; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> files;

    @Option(names = "--dry-run", description = "Say what would change, and change nothing.")
    private boolean dryRun;

    @Override
    JsonNode read(ServiceClient client) {
        ByteArrayOutputStream documents = new ByteArrayOutputStream();
        for (Path file : files) {
            if (documents.size() > 0) {
                documents.writeBytes("\n---\n".getBytes(StandardCharsets.US_ASCII));
            }
            documents.writeBytes(Inputs.contentOf(file));
        }
        return client.put(
                "/api/v1/catalog" + (dryRun ? "?dryRun=true" : ""), "application/yaml", documents.toByteArray());
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        JsonNode changes = answer.path("changes");
        for (JsonNode change : changes) {
            out.println(change.path("change").asText() + " "
                    + change.path("kind").asText() + " " + change.path("name").asText());
        }
        String revision = "revision " + answer.path("revision").asText() + " ("
                + answer.path("hash").asText() + ")";
        if (changes.isEmpty()) {
            out.println("nothing changes: " + revision + " stays in force");
        } else if (dryRun) {
            out.println("this would be " + revision);
        } else {
            out.println(revision + " is in force");
        }
    }
}

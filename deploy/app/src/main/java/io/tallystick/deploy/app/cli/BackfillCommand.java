package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backfill}: fills a meter that was added later, step by step, until nothing is left. */
@Command(
        name = "backfill",
        description = {
            "Fill a meter that was added later with the events that were accepted before.",
            "It may be broken off and run again at any time: nothing is counted twice."
        },
        mixinStandardHelpOptions = true)
final class BackfillCommand extends ServiceCommand {

    private static final String READ = "read";
    private static final String FILLED = "filled";
    private static final String UNREADABLE = "unreadable";

    @Parameters(paramLabel = "METER", description = "The meter's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String meter;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "INSTANT",
            converter = Instants.WholeHour.class,
            description = "With the usage of this time and later: RFC 3339, on a whole UTC hour.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Instant from;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Override
    void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("meter", meter).put("from", from.toString());
        long read = 0;
        long filled = 0;
        long unreadable = 0;
        try (Progress progress = new Progress(err, "events read", 0)) {
            boolean isDone = false;
            while (!isDone) {
                JsonNode step = client.post(
                        "/api/v1/meters/" + ServiceClient.segment(meter) + "/backfill",
                        Map.of("from", from.toString()));
                read += step.path(READ).asLong();
                filled += step.path(FILLED).asLong();
                unreadable += step.path(UNREADABLE).asLong();
                progress.at(read);
                step.path("examples")
                        .forEach(example ->
                                err.println("tallystick: " + meter + " cannot read the event at " + example.asText()));
                isDone = step.path("done").asBoolean();
            }
        }
        all.put(READ, read).put(FILLED, filled).put(UNREADABLE, unreadable);
        out.println(json ? Output.json(all) : text(read, filled, unreadable));
    }

    private String text(long read, long filled, long unreadable) {
        if (read == 0) {
            return "nothing to fill: " + meter + " has every event from " + from + " on";
        }
        String text = "filled " + meter + " from " + from + " with " + filled + " values; " + read
                + " accepted events were read";
        return unreadable == 0 ? text : text + ", " + unreadable + " of them have no value for it that can be read";
    }
}

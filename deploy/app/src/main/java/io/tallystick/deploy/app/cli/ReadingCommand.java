package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** A command that reads one answer and shows it to people, or as JSON to programs. */
abstract class ReadingCommand extends ServiceCommand {

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    abstract JsonNode read(ServiceClient client);

    abstract void show(JsonNode answer, PrintWriter out);

    @Override
    final void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        JsonNode answer = read(client);
        if (json) {
            out.println(Output.json(answer));
        } else {
            show(answer, out);
        }
    }
}

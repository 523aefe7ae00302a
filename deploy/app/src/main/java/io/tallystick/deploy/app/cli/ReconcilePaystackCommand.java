package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reconcile paystack}: the ledger against Paystack's payment requests and charges. */
@Command(
        name = "paystack",
        description = {
            "Compare every delivered invoice with its payment request or charge at Paystack.",
            "The service asks Paystack with its own key. Lists the differences, and exits 1 when there is one."
        },
        mixinStandardHelpOptions = true)
final class ReconcilePaystackCommand extends ServiceCommand {

    @Option(names = "--json", description = "Print the differences as JSON.")
    private boolean json;

    @Override
    void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        JsonNode answer = client.post("/api/v1/reconcile/paystack", Map.of());
        JsonNode differences = answer.path("differences");
        if (json) {
            out.println(Output.json(answer));
        } else {
            for (JsonNode difference : differences) {
                out.println(difference.path("subject").asText() + ": "
                        + difference.path("problem").asText());
            }
            out.println(answer.path("deliveries").asText() + " deliveries, " + differences.size() + " differences");
        }
        if (!differences.isEmpty()) {
            out.flush();
            throw Failure.checkFailed(
                    "the ledger and Paystack differ in " + differences.size() + " places",
                    "look at each, and correct it where it is wrong");
        }
    }
}

package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reconcile stripe}: the ledger against Stripe's invoices and meters. */
@Command(
        name = "stripe",
        description = {
            "Compare every delivered invoice with Stripe's, and delivered usage hour by hour with Stripe's meters.",
            "The service asks Stripe with its own key. Lists the differences, and exits 1 when there is one."
        },
        mixinStandardHelpOptions = true)
final class ReconcileStripeCommand extends ServiceCommand {

    @Option(names = "--json", description = "Print the differences as JSON.")
    private boolean json;

    @Override
    void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        JsonNode answer = client.post("/api/v1/reconcile/stripe", Map.of());
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
                    "the ledger and Stripe differ in " + differences.size() + " places",
                    "look at each, and correct it where it is wrong");
        }
    }
}

package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code close}: asks for the close of every billing period that has ended. */
@Command(
        name = "close",
        description = "Close every billing period that ends at or before an instant.",
        mixinStandardHelpOptions = true)
final class CloseCommand extends ReadingCommand {

    @Option(
            names = "--through",
            required = true,
            paramLabel = "INSTANT",
            converter = Instants.WholeHour.class,
            description = "RFC 3339, on a whole UTC hour: 2026-05-01T00:00:00Z.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Instant through;

    @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's periods.")
    private @Nullable String tenant;

    @Override
    JsonNode read(ServiceClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("through", through.toString());
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        JsonNode answer = client.post("/api/v1/periods/close", body);
        if (tenant != null && answer.path("subscriptions").asInt(1) == 0) {
            throw Failure.wrongInput(
                    "tenant '" + tenant + "' has no subscription, so there is nothing to close",
                    "look how the catalogue spells it; nothing was closed");
        }
        return answer;
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        Table table = new Table("tenant", "subscription", "from", "to");
        for (JsonNode closing : answer.path("closing")) {
            table.row(
                    closing.path("tenant").asText(),
                    closing.path("subscription").asText(),
                    closing.path("period").path("start").asText(),
                    closing.path("period").path("end").asText());
        }
        int adjusting = answer.path("adjusting").asInt();
        out.println(
                table.isEmpty()
                        ? (adjusting == 0 ? "nothing to close" : "no period to close") + ": every period that ends by "
                                + through + " is closed"
                        : table.toString());
        if (adjusting > 0) {
            out.println("what is late of " + adjusting + (adjusting == 1 ? " subscription" : " subscriptions")
                    + " that ended is booked too: adjustment invoices and credit notes, if there are any, are among the"
                    + " drafts of `invoices`");
        }
    }
}

package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code invoice}: one of them, whole. */
@Command(name = "invoice", description = "Show one invoice.", mixinStandardHelpOptions = true)
final class ShowInvoiceCommand extends ReadingCommand {

    @Parameters(paramLabel = "ID", description = "As 'invoices' lists it: acme-main-2026-04-01.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Override
    JsonNode read(ServiceClient client) {
        return client.get("/api/v1/invoices/" + ServiceClient.segment(id), Map.of());
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        InvoiceText.print(answer, out);
    }
}

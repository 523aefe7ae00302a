package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code invoices}: the list. */
@Command(name = "invoices", description = "List invoices.", mixinStandardHelpOptions = true)
final class InvoicesCommand extends ReadingCommand {

    @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.")
    private @Nullable String tenant;

    @Option(
            names = "--period",
            paramLabel = "MONTH",
            converter = Instants.Month.class,
            description = "Only of periods that start in this month, as 2026-04.")
    private @Nullable String period;

    @Override
    JsonNode read(ServiceClient client) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("tenant", tenant);
        query.put("period", period);
        JsonNode all = client.get("/api/v1/invoices", query);
        String next = next(all);
        while (next != null && all instanceof ObjectNode whole) {
            query.put("after", next);
            JsonNode page = client.get("/api/v1/invoices", query);
            page.path("data").forEach(whole.withArray("data")::add);
            next = next(page);
            whole.put("next", next);
        }
        return all;
    }

    private static @Nullable String next(JsonNode page) {
        return page.path("next").isTextual() ? page.path("next").asText() : null;
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        Table table = new Table("number", "id", "tenant", "status", "total>", "", "digest");
        for (JsonNode invoice : answer.path("data")) {
            table.row(
                    invoice.path("number").asText(),
                    invoice.path("id").asText(),
                    invoice.path("tenant").asText(),
                    invoice.path("status").asText(),
                    invoice.path("total").asText(),
                    invoice.path("currency").asText(),
                    invoice.path("digest").asText());
        }
        out.println(table.isEmpty() ? "no invoices" : table.toString());
    }
}

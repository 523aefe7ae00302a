package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.StringJoiner;

/** An invoice as people read it. */
public final class InvoiceText {

    private InvoiceText() {}

    public static void print(JsonNode invoice, PrintWriter out) {
        out.println(invoice.path("number").asText() + "  (" + invoice.path("id").asText() + ", "
                + invoice.path("status").asText() + ")");
        out.println("tenant " + invoice.path("tenant").asText() + ", subscription "
                + invoice.path("subscription").asText() + ", "
                + invoice.path("period").path("start").asText() + " to "
                + invoice.path("period").path("end").asText());
        Table table =
                new Table("charge", "kind", "for", "quantity>", "billable>", "unit price>", "amount>", "priced by");
        for (JsonNode line : invoice.path("lines")) {
            table.row(
                    line.path("charge").asText(),
                    line.path("kind").asText(),
                    dimensions(line.path("dimensions")),
                    line.path("quantity").asText(""),
                    line.path("billable").asText(""),
                    line.path("unitPrice").asText(""),
                    line.path("amount").asText(),
                    line.path("pricingVersion").asText());
        }
        out.println(table);
        out.println("total " + invoice.path("total").asText() + " "
                + invoice.path("currency").asText());
        for (JsonNode shadow : invoice.path("shadow")) {
            out.println("under " + shadow.path("pricingVersion").asText() + " it would be "
                    + shadow.path("total").asText() + " ("
                    + shadow.path("difference").asText() + ")");
            out.println("  " + shadow.path("explanation").asText());
        }
        out.println("digest " + invoice.path("digest").asText());
    }

    private static String dimensions(JsonNode dimensions) {
        StringJoiner joiner = new StringJoiner(", ");
        dimensions
                .properties()
                .forEach(entry ->
                        joiner.add(entry.getKey() + "=" + entry.getValue().asText()));
        return joiner.toString();
    }
}

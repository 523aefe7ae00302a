package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a dry run says that a change would do, for people. */
final class EffectText {

    private static final int NAMED_MAX = 5;

    private EffectText() {}

    static void print(JsonNode effect, PrintWriter out) {
        if (effect.isNull() || effect.isMissingNode()) {
            out.println("what it would do to bills is not known here: this process rates nothing;"
                    + " ask one that runs the role rater, with --url");
            return;
        }
        if (effect.path("tenantsTouched").asInt() == 0) {
            out.println("no bill of an open period would change");
            return;
        }
        out.println();
        print(effect, "as_billed", "Bills of open periods, on the usage so far, as a close now would make them", out);
        print(effect, "new_subscription", "New subscriptions: what they would bill for the usage so far", out);
        print(
                effect,
                "whole_period",
                "Dated in the future: the current period's usage, as if it had held for the whole period",
                out);
        JsonNode notCovered = effect.path("notCovered");
        if (!notCovered.isEmpty()) {
            List<String> names = new ArrayList<>();
            notCovered.forEach(one -> names.add(one.path("tenant").asText()));
            String more = names.size() > NAMED_MAX ? " and " + (names.size() - NAMED_MAX) + " more" : "";
            out.println("NOT COVERED: " + names.size() + " tenants, whose charges are not held by this process ("
                    + String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size()))) + more
                    + "); ask the other processes too, with --url");
        }
    }

    private static void print(JsonNode effect, String basis, String heading, PrintWriter out) {
        Table table = new Table(
                "tenant",
                "subscription",
                "plan",
                "period from",
                "now>",
                "then>",
                "difference>",
                "",
                "charges",
                "because");
        int unchanged = 0;
        for (JsonNode bill : effect.path("data")) {
            if (bill.path("basis").asText().equals(basis)) {
                if (bill.path("charges").isEmpty()) {
                    unchanged++;
                } else {
                    table.row(
                            bill.path("tenant").asText(),
                            bill.path("subscription").asText(),
                            bill.path("plan").asText(),
                            bill.path("period").path("start").asText(),
                            bill.path("now").isNull() ? "-" : bill.path("now").asText(),
                            bill.path("then").asText(),
                            signed(bill.path("difference").asText()),
                            bill.path("currency").asText(),
                            charges(bill),
                            because(bill));
                }
            }
        }
        if (table.isEmpty() && unchanged == 0) {
            return;
        }
        out.println(heading + ":");
        if (!table.isEmpty()) {
            out.println(table);
        }
        if (unchanged > 0) {
            out.println(unchanged + (unchanged == 1 ? " bill stays as it is" : " bills stay as they are"));
        }
        for (JsonNode total : effect.path("totals")) {
            if (total.path("basis").asText().equals(basis)) {
                out.println("total of " + total.path("bills").asText() + " bills: "
                        + total.path("now").asText() + " -> "
                        + total.path("then").asText() + " "
                        + total.path("currency").asText() + " ("
                        + signed(total.path("difference").asText()) + ")");
            }
        }
        out.println();
    }

    private static String charges(JsonNode bill) {
        List<String> texts = new ArrayList<>();
        for (JsonNode charge : bill.path("charges")) {
            texts.add(charge.path("charge").asText() + " " + amount(charge.path("now"), charge.path("versionsNow"))
                    + " -> " + amount(charge.path("then"), charge.path("versionsThen")));
        }
        return String.join(", ", texts);
    }

    private static String amount(JsonNode amount, JsonNode versions) {
        if (amount.isNull()) {
            return "-";
        }
        List<String> names = new ArrayList<>();
        versions.forEach(version -> names.add(version.asText()));
        return amount.asText() + " (" + String.join(", ", names) + ")";
    }

    private static String because(JsonNode bill) {
        List<String> texts = new ArrayList<>();
        bill.path("because").forEach(text -> texts.add(text.asText()));
        return String.join(", ", texts);
    }

    private static String signed(String difference) {
        return difference.startsWith("-") ? difference : "+" + difference;
    }
}

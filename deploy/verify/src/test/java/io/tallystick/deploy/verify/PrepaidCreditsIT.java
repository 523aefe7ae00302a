package io.tallystick.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A new price with a cap and a tenant with prepaid credit: open charges, the invoice, the balance, and what a void gives back. */
@ExtendWith(SharedUp.class)
class PrepaidCreditsIT {

    private static final String CATALOG = """
            meters:
              - {meter: prepaid_units, eventType: prepaid.used, aggregation: sum, value: $.n}
            pricing:
              - version: prepaid_v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans: [{plan: prepaid_plan, charges: [{charge: units, model: unit, meter: prepaid_units, unitPrice: "1"}]}]
              - version: prepaid_v2
                effectiveFrom: "2026-04-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: prepaid_plan
                    transition: {cap: {from: prepaid_v1, percent: "20", days: 90}}
                    charges: [{charge: units, model: unit, meter: prepaid_units, unitPrice: "2"}]
            subscriptions:
              - {tenant: prepaid-tenant, plan: prepaid_plan, start: "2026-03-01T00:00:00Z"}
            credits:
              - {credit: prepaid_welcome, tenant: prepaid-tenant, amount: "50.00", currency: USD, effectiveFrom: "2026-04-01T00:00:00Z"}
            """;

    @Test
    void aCapAndACreditAreOnTheInvoiceAndAVoidGivesTheCreditBack(TestingUp up) {
        Service service = up.service();
        service.putCatalog(CATALOG).ok();
        assertThat(service.putCatalog(CATALOG.replace("50.00", "70.00")).status())
                .isEqualTo(409);
        service.close(Instant.parse("2026-04-01T00:00:00Z"), "prepaid-tenant");
        service.post("/api/v1/events", "application/cloudevents+json", """
                        {"specversion":"1.0","type":"prepaid.used","source":"test","id":"1","subject":"prepaid-tenant","time":"2026-04-10T08:00:00Z","data":{"n":100}}""").ok();
        service.awaitTotal("prepaid_units", "prepaid-tenant", "100");

        // 200 under the new price, at most 120 above the old one, 50 of it prepaid.
        List<String> expected = List.of("units usage 200.00", "rate_cap credit -80.00", "prepaid_credit credit -50.00");
        Deadline.within(Duration.ofSeconds(60)).await("open charges", () -> {
            JsonNode open =
                    service.get("/api/v1/tenants/prepaid-tenant/charges").ok().json();
            return open.get("data").size() == 1
                            && lines(open.get("data").get(0)).equals(expected)
                    ? open
                    : null;
        });
        JsonNode invoice = service.closeOne(Instant.parse("2026-05-01T00:00:00Z"), "prepaid-tenant");
        assertThat(lines(invoice)).isEqualTo(expected);
        assertThat(invoice.get("total").textValue()).isEqualTo("70.00");
        assertThat(balance(service)).isEqualTo("0.00");

        service.post(
                        "/api/v1/invoices/" + invoice.get("id").textValue() + "/void",
                        "application/json",
                        "{\"reason\":\"test\"}")
                .ok();
        String back = Deadline.within(Duration.ofSeconds(60)).await("the credit", () -> {
            String balance = balance(service);
            return balance.equals("0.00") ? null : balance;
        });
        assertThat(back).isEqualTo("50.00");
    }

    private static List<String> lines(JsonNode bill) {
        List<String> lines = new ArrayList<>();
        bill.get("lines")
                .forEach(line -> lines.add(
                        line.get("charge").textValue() + " " + line.get("kind").textValue() + " "
                                + line.get("amount").textValue()));
        return lines;
    }

    private static String balance(Service service) {
        return service.get("/api/v1/tenants/prepaid-tenant/credits")
                .ok()
                .json()
                .get("data")
                .get(0)
                .get("balance")
                .textValue();
    }
}

package io.tallystick.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A base fee plus compute units, and tiers of plans with an included quantity, from events to the cent. */
@ExtendWith(SharedUp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HybridPlanIT {

    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final int EVENTS = 120;

    private final TestingUp up;

    HybridPlanIT(TestingUp up) {
        this.up = up;
    }

    @BeforeAll
    void publishThePlans() {
        StringBuilder catalog = new StringBuilder("""
                meters:
                  - {meter: hybrid_units, eventType: hybrid.used, aggregation: sum, value: $.units}
                pricing:
                  - version: hybrid_v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: hybrid
                        charges:
                          - {charge: base, model: flat, amount: "500.00"}
                          - {charge: compute, model: unit, meter: hybrid_units, unitPrice: "0.05"}
                """);
        plan(catalog, "starter", "500.00", "100", "0.10");
        plan(catalog, "professional", "1500.00", "500", "0.05");
        plan(catalog, "enterprise", "4000.00", "2000", "0.03");
        catalog.append("subscriptions:\n");
        List.of("a", "b", "c").forEach(tenant -> subscription(catalog, "hybrid-" + tenant, "hybrid"));
        List.of("starter", "professional", "enterprise")
                .forEach(plan -> List.of("at", "under", "over")
                        .forEach(side -> subscription(catalog, "hybrid-" + plan + "-" + side, "hybrid_" + plan)));
        up.service().putCatalog(catalog.toString()).ok();
    }

    @Test
    void aBaseFeeAndComputeUnitsAddUp() {
        Map<String, String> totals = bill(Map.of("hybrid-a", "82.1", "hybrid-b", "48.5", "hybrid-c", "20.4"));

        // 500 + 82.1 x 0.05 = 504.105, and so on, rounded half away from zero
        assertThat(totals).isEqualTo(Map.of("hybrid-a", "504.11", "hybrid-b", "502.43", "hybrid-c", "501.02"));
    }

    @Test
    void unitsBeyondTheIncludedOnesArePaidFor() {
        Map<String, String> totals = bill(Map.of(
                "hybrid-starter-at", "100",
                "hybrid-starter-under", "99.9",
                "hybrid-starter-over", "100.1",
                "hybrid-professional-at", "500",
                "hybrid-professional-under", "499.8",
                "hybrid-professional-over", "500.2",
                "hybrid-enterprise-at", "2000",
                "hybrid-enterprise-under", "1999",
                "hybrid-enterprise-over", "2001"));

        assertThat(totals)
                .isEqualTo(Map.of(
                        "hybrid-starter-at", "500.00",
                        "hybrid-starter-under", "500.00",
                        "hybrid-starter-over", "500.01",
                        "hybrid-professional-at", "1500.00",
                        "hybrid-professional-under", "1500.00",
                        "hybrid-professional-over", "1500.01",
                        "hybrid-enterprise-at", "4000.00",
                        "hybrid-enterprise-under", "4000.00",
                        "hybrid-enterprise-over", "4000.03"));
    }

    /** Sends each tenant's units in {@value #EVENTS} uneven events, closes the month, and gives the total of each invoice. */
    private Map<String, String> bill(Map<String, String> units) {
        Random random = Seed.random("hybrid");
        try (EventLog log = new EventLog(up.bootstrap())) {
            units.forEach((tenant, quantity) -> {
                BigDecimal left = new BigDecimal(quantity);
                for (int i = 1; i <= EVENTS; i++) {
                    BigDecimal some = i == EVENTS ? left : BigDecimal.valueOf(random.nextInt(30), 2);
                    left = left.subtract(some);
                    long time = APRIL.toEpochMilli() + random.nextInt(30 * 24 * 3600) * 1000L;
                    log.send(tenant, time, event(tenant, i, time, some));
                }
            });
            log.flush();
        }
        Map<String, String> totals = new TreeMap<>();
        for (String tenant : units.keySet()) {
            JsonNode invoice = up.service().closeOne(MAY, tenant);
            assertThat(invoice.get("status").textValue()).isEqualTo("draft");
            totals.put(tenant, invoice.get("total").textValue());
        }
        return totals;
    }

    private static String event(String tenant, int id, long time, BigDecimal units) {
        return """
                {"specversion":"1.0","type":"hybrid.used","source":"meter","id":"%d","subject":"%s","time":"%s","data":{"units":"%s"}}""".formatted(id, tenant, Instant.ofEpochMilli(time), units.toPlainString());
    }

    private static void plan(StringBuilder catalog, String name, String fee, String included, String unitPrice) {
        catalog.append("""
                      - plan: hybrid_%s
                        charges:
                          - {charge: base, model: flat, amount: "%s"}
                          - {charge: compute, model: unit, meter: hybrid_units, included: "%s", unitPrice: "%s"}
                """.formatted(name, fee, included, unitPrice));
    }

    private static void subscription(StringBuilder catalog, String tenant, String plan) {
        catalog.append("""
                  - {tenant: %s, plan: %s, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
                """.formatted(tenant, plan));
    }
}

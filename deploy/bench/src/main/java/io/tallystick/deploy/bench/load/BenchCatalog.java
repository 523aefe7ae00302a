package io.tallystick.deploy.bench.load;

import java.time.Instant;

/** The catalogue of the benchmark: a sum meter per event type, split by model, and every tenant subscribed to a price for each. */
public final class BenchCatalog {

    private BenchCatalog() {}

    /** @param start of pricing and subscriptions: a month's first day */
    public static String yaml(Instant start) {
        StringBuilder yaml = new StringBuilder("meters:\n");
        for (int meter = 0; meter < EventMix.METERS; meter++) {
            yaml.append("  - {meter: ")
                    .append(EventMix.meter(meter))
                    .append(", eventType: bench.")
                    .append(EventMix.meter(meter))
                    .append(", aggregation: sum, value: $.value, dimensions: {model: $.model}}\n");
        }
        yaml.append("pricing:\n  - version: v1\n    effectiveFrom: \"")
                .append(start)
                .append("\"\n    currency: USD\n    plans:\n      - plan: usage\n        charges:\n");
        for (int meter = 0; meter < EventMix.METERS; meter++) {
            yaml.append("          - {charge: charge_")
                    .append(meter)
                    .append(", model: unit, meter: ")
                    .append(EventMix.meter(meter))
                    .append(", unitPrice: \"0.0")
                    .append(meter + 1)
                    .append("\"}\n");
        }
        yaml.append("subscriptions:\n");
        for (int tenant = 0; tenant < EventMix.TENANTS; tenant++) {
            subscribe(yaml, EventMix.tenant(tenant), start);
        }
        for (int probe = 0; probe < EventMix.PROBE_TENANTS; probe++) {
            subscribe(yaml, EventMix.probeTenant(probe), start);
        }
        return yaml.toString();
    }

    private static void subscribe(StringBuilder yaml, String tenant, Instant start) {
        yaml.append("  - {tenant: ")
                .append(tenant)
                .append(", plan: usage, start: \"")
                .append(start)
                .append("\", period: {every: P1M, anchor: \"")
                .append(start)
                .append("\", timezone: UTC}}\n");
    }
}

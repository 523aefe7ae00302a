package io.tallystick.deploy.bench.load;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogParser;
import io.tallystick.schemas.codec.CatalogDocuments;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The catalogue of the benchmark: a sum meter per event type, split by model, and every tenant subscribed to a price for each. */
public final class BenchCatalog {

    private static final Duration LONGEST_AGO = Duration.ofHours(6);

    private BenchCatalog() {}

    /** The month that events of the last hours fall in. */
    public static Instant start() {
        return Instant.now()
                .minus(LONGEST_AGO)
                .atOffset(ZoneOffset.UTC)
                .withDayOfMonth(1)
                .truncatedTo(ChronoUnit.DAYS)
                .toInstant();
    }

    /** The meters alone. */
    public static String metersYaml() {
        StringBuilder yaml = new StringBuilder("meters:\n");
        for (int meter = 0; meter < EventMix.METERS; meter++) {
            yaml.append("  - {meter: ")
                    .append(EventMix.meter(meter))
                    .append(", eventType: bench.")
                    .append(EventMix.meter(meter))
                    .append(", aggregation: sum, value: $.value, dimensions: {model: $.model}}\n");
        }
        return yaml.toString();
    }

    /** What a text of ours says, without a service. */
    static Catalog parsed(String yaml) {
        CatalogChange change = CatalogChange.apply(
                Catalog.empty(Catalog.Settings.DEFAULT),
                CatalogParser.parse(CatalogDocuments.read(yaml.getBytes(StandardCharsets.UTF_8))),
                Instant.EPOCH,
                counted -> false);
        if (!change.isAccepted()) {
            throw new IllegalStateException(change.errors().toString());
        }
        return change.catalog();
    }

    /** @param start of pricing and subscriptions: a month's first day */
    public static String yaml(Instant start) {
        StringBuilder yaml = new StringBuilder(metersYaml());
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

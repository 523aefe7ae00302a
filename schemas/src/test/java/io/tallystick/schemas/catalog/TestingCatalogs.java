package io.tallystick.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.codec.CatalogDocuments;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** Catalogues written as YAML, for tests. */
final class TestingCatalogs {

    static final Instant NOW = Instant.parse("2026-05-15T00:00:00Z");
    static final Catalog EMPTY = Catalog.empty(Catalog.Settings.DEFAULT);
    static final Predicate<String> NOTHING_COUNTED = meter -> false;

    /** One meter, one plan and one subscription that fit together. */
    static final String SMALL = """
            meters:
              - {meter: tokens, eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: fee, model: flat, amount: "10.00"}
                      - {charge: tokens, model: unit, meter: tokens, unitPrice: "0.0020"}
            subscriptions:
              - {tenant: acme, plan: growth, start: "2026-04-01T00:00:00Z"}
            """;

    private TestingCatalogs() {}

    static ParsedCatalog parse(String yaml) {
        return CatalogParser.parse(CatalogDocuments.read(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    static CatalogChange apply(Catalog current, String yaml) {
        return CatalogChange.apply(current, parse(yaml), NOW, NOTHING_COUNTED);
    }

    static Catalog catalog(String yaml) {
        CatalogChange change = apply(EMPTY, yaml);
        assertThat(change.errors()).isEmpty();
        assertThat(change.conflicts()).isEmpty();
        return change.catalog();
    }

    /** {@code path: message} of everything wrong with a catalogue that is applied to an empty one. */
    static List<String> errors(String yaml) {
        return apply(EMPTY, yaml).errors().stream()
                .map(error -> error.path() + ": " + error.message())
                .toList();
    }

    static List<String> errorPaths(String yaml) {
        return apply(EMPTY, yaml).errors().stream().map(CatalogError::path).toList();
    }

    /** Errors of one meter with these fields besides its name. */
    static List<String> meterErrors(String fields) {
        return errors("meters: [{meter: m, " + fields + "}]");
    }

    /** Errors of one charge in an otherwise good catalogue whose meters are tokens (by model and kind), money (perEvent) and plain. */
    static List<String> chargeErrors(String charge) {
        return errors(withCharge(charge)).stream()
                .map(error -> error.replace("pricing[0].plans[0].charges[0]", "charge"))
                .toList();
    }

    static String withCharge(String charge) {
        return """
                meters:
                  - {meter: tokens, eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}}
                  - {meter: money, eventType: pay, aggregation: sum, value: $.n, perEvent: true}
                  - {meter: plain, eventType: pay, aggregation: sum, value: $.n}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans: [{plan: growth, charges: [%s]}]
                """.formatted(charge);
    }

    static Charge charge(String charge) {
        return catalog(withCharge(charge))
                .pricing()
                .get("v1")
                .plans()
                .get(0)
                .charges()
                .get(0);
    }

    /** Errors of one subscription in an otherwise good catalogue. */
    static List<String> subscriptionErrors(String subscription) {
        String catalog = SMALL.substring(0, SMALL.indexOf("subscriptions:"));
        return errors(catalog + "subscriptions: [" + subscription + "]");
    }
}

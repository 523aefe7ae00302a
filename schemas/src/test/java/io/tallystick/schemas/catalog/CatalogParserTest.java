package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.apply;
import static io.tallystick.schemas.catalog.TestingCatalogs.catalog;
import static io.tallystick.schemas.catalog.TestingCatalogs.errorPaths;
import static io.tallystick.schemas.catalog.TestingCatalogs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogParserTest {

    private static final String CONTRACT_EXAMPLE = """
            meters:
              - meter: worker_seconds            # ^[a-z0-9]+(_[a-z0-9]+)*$, at most 64
                description: Worker run time
                eventType: job.completed         # exact CloudEvents type
                aggregation: sum                 # count sum min max avg latest unique_count time_weighted
                value: $.worker_seconds          # JSONPath into data
                dimensions: {model: $.model, region: $.region}   # a missing value is ""
                where: {status: [succeeded]}     # keep only events whose $.status is listed
                unit: second
                quantum: {step: "0.1", mode: up} # each event's value is rounded to a multiple of step
                perEvent: false                  # true keeps every event's value
                effectiveFrom: null              # if given, bounds the event's time
              - meter: storage_gb
                eventType: storage.changed
                aggregation: time_weighted       # integral of the level over the range
                value: $.gb
                valueKind: level                 # level: the value is the new level; delta: it is added

            pricing:
              - version: v2_compute
                effectiveFrom: "2026-04-01T00:00:00Z"
                currency: USD                    # ISO 4217
                plans:
                  - plan: growth
                    commitment: {amount: "100.00"}      # minimum for the period
                    charges:
                      - {charge: platform_fee, model: flat, amount: "499.00", timing: in_advance, prorate: true}
                      - {charge: compute, model: unit, meter: worker_seconds, unitPrice: "0.0020", included: "20000"}
                      - charge: tokens
                        model: unit
                        meter: tokens
                        divideBy: "1000000"             # unit conversion before everything else
                        where: {feature: [chat]}        # only these dimension values
                        matrix:                         # a row may replace any price field of the charge
                          - {where: {model: [gpt-4o], kind: [input]},  unitPrice: "5.00"}
                          - {where: {model: [gpt-4o], kind: [output]}, unitPrice: "15.00"}
                          - {unitPrice: "1.80"}
            subscriptions:
              - tenant: acme
                subscription: acme-main          # unique; default: the tenant's name
                plan: growth
                start: "2026-04-01T00:00:00Z"
                end: null
                period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}   # P1D P1W P1M P3M P1Y
                pricingVersion: v2_compute       # a pin, whatever its date
                shadow: [v1_request]             # versions rated side by side
                lateUsage: next_invoice          # next_invoice | credit_note | report_only
                limits: {period: "1000.00", day: "50.00", alertAt: ["0.8", "1"], onExceed: block, fallback: small-model}
                provider: {name: stripe, mode: invoice, customer: cus_123}
            """;

    /** What the example refers to and does not show. */
    private static final String WHAT_THE_EXAMPLE_REFERS_TO = """
            ---
            meters:
              - meter: tokens
                eventType: chat.completed
                aggregation: sum
                value: $.usage.total
                dimensions: {feature: $.feature, model: $.model, kind: $.kind}
            pricing:
              - version: v1_request
                effectiveFrom: "2025-01-01T00:00:00Z"
                currency: USD
                plans: [{plan: growth}]
            """;

    @Test
    void theContractsExampleIsUnderstood() {
        Catalog catalog = catalog(CONTRACT_EXAMPLE + WHAT_THE_EXAMPLE_REFERS_TO);

        Meter meter = catalog.meters().get("worker_seconds");
        assertThat(meter.eventType()).isEqualTo("job.completed");
        assertThat(meter.aggregation()).isEqualTo(Aggregation.SUM);
        assertThat(meter.value()).isEqualTo(DataPath.ofMember("worker_seconds"));
        assertThat(meter.dimensions())
                .isEqualTo(Map.of("model", DataPath.ofMember("model"), "region", DataPath.ofMember("region")));
        assertThat(meter.where()).isEqualTo(Map.of(DataPath.ofMember("status"), List.of("succeeded")));
        assertThat(meter.quantum()).isEqualTo(new Meter.Quantum(new BigDecimal("0.1"), RoundingDirection.UP));
        assertThat(meter.effectiveFrom()).isNull();
        assertThat(catalog.meters().get("storage_gb").valueKind()).isEqualTo(Meter.ValueKind.LEVEL);

        PricingVersion version = catalog.pricing().get("v2_compute");
        assertThat(version.effectiveFrom()).isEqualTo(Instant.parse("2026-04-01T00:00:00Z"));
        Plan plan = version.plan("growth").orElseThrow();
        assertThat(plan.commitment()).isEqualTo(new BigDecimal("100.00"));
        Charge fee = plan.charges().get(0);
        assertThat(fee.price().model()).isEqualTo(new PriceModel.Flat(new BigDecimal("499.00")));
        assertThat(fee.timing()).isEqualTo(Charge.Timing.IN_ADVANCE);
        assertThat(fee.prorate()).isTrue();
        Charge compute = plan.charges().get(1);
        assertThat(compute.price().model()).isEqualTo(new PriceModel.PerUnit(new BigDecimal("0.0020"), BigDecimal.ONE));
        assertThat(compute.price().included()).isEqualTo(new BigDecimal("20000"));
        Charge tokens = plan.charges().get(2);
        assertThat(tokens.where()).isEqualTo(Map.of("feature", List.of("chat")));
        assertThat(tokens.matrix())
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.price().divideBy()).isEqualTo(new BigDecimal("1000000")));
        assertThat(tokens.matrix().get(1).where())
                .isEqualTo(Map.of("model", List.of("gpt-4o"), "kind", List.of("output")));
        assertThat(tokens.matrix().get(1).price().model())
                .isEqualTo(new PriceModel.PerUnit(new BigDecimal("15.00"), BigDecimal.ONE));
        assertThat(tokens.matrix().get(2).where()).isEmpty();

        assertThat(catalog.subscriptions().get("acme-main"))
                .isEqualTo(new Subscription(
                        "acme",
                        "acme-main",
                        "growth",
                        Instant.parse("2026-04-01T00:00:00Z"),
                        null,
                        new Subscription.BillingCycle(
                                Subscription.Every.P1M, Instant.parse("2026-04-01T00:00:00Z"), ZoneId.of("UTC")),
                        "v2_compute",
                        List.of("v1_request"),
                        Subscription.LateUsage.NEXT_INVOICE,
                        new Subscription.Limits(
                                new BigDecimal("1000.00"),
                                new BigDecimal("50.00"),
                                List.of(new BigDecimal("0.8"), new BigDecimal("1")),
                                true,
                                "small-model"),
                        new Subscription.Provider("stripe", "invoice", "cus_123")));
    }

    @Test
    void theContractsExampleAloneLacksWhatItRefersTo() {
        assertThat(errorPaths(CONTRACT_EXAMPLE))
                .containsExactly("pricing[0].plans[0].charges[2].meter", "subscriptions[0].shadow[0]");
    }

    @Test
    void twentyMistakesGiveTwentyErrorsEachWithItsPath() {
        String catalog = """
                meters:
                  - {meter: Tokens, eventType: chat, aggregation: sum, value: $.n}
                  - {meter: seconds, eventType: job, agregation: sum, value: $.n}
                  - {meter: calls, eventType: call, aggregation: count, value: $.n}
                  - {meter: users, eventType: call, aggregation: unique_count, value: $..user}
                  - {meter: gb, eventType: disk, aggregation: sum, value: $.gb, quantum: {step: "0", mode: up}}
                  - {meter: money, eventType: pay, aggregation: total, value: $.amount}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-04-01T00:30:00Z"
                    currency: USD
                    plans:
                      - plan: starter
                        charges:
                          - {charge: fee, model: flat, amount: ten}
                          - {charge: fee, model: flat, amount: "1"}
                      - plan: growth
                        commitment: {amount: "-1"}
                        charges:
                          - {charge: fee, model: flat}
                          - {charge: seconds, model: unit, meter: seconds, unitPrice: "1", timing: in_advance}
                          - charge: gb
                            model: graduated
                            meter: gb
                            tiers: [{upTo: "10", unitPrice: "1"}, {upTo: "10", unitPrice: "2"}, {upTo: null, unitPrice: "3"}]
                          - {charge: calls, model: unit, meter: callz, unitPrice: "1", minimum: "2", maximum: "1"}
                          - {charge: users, model: package, meter: users, size: "0", price: "1"}
                  - {version: v2, effectiveFrom: "2026-06-01T00:00:00Z", currency: usd, plans: [{plan: scale}]}
                subscriptions:
                  - {tenant: acme, plan: growth, start: "2026-07-01T00:00:00Z", end: "2026-07-01T00:00:00Z"}
                  - {tenant: blue, plan: groth, start: "2026-07-01T00:00:00Z"}
                  - {tenant: teal, plan: scale, start: "2026-07-01T00:00:00Z", period: {every: P1M, timezone: Asia/Kolkata}}
                """;

        assertThat(errorPaths(catalog))
                .containsExactlyInAnyOrder(
                        "meters[0].meter",
                        "meters[1].agregation",
                        "meters[2].value",
                        "meters[3].value",
                        "meters[4].quantum.step",
                        "meters[5].aggregation",
                        "pricing[0].effectiveFrom",
                        "pricing[0].plans[0].charges[0].amount",
                        "pricing[0].plans[0].charges[1].charge",
                        "pricing[0].plans[1].commitment.amount",
                        "pricing[0].plans[1].charges[0].amount",
                        "pricing[0].plans[1].charges[1].timing",
                        "pricing[0].plans[1].charges[2].tiers[1].upTo",
                        "pricing[0].plans[1].charges[3].minimum",
                        "pricing[0].plans[1].charges[3].meter",
                        "pricing[0].plans[1].charges[4].size",
                        "pricing[1].currency",
                        "subscriptions[0].end",
                        "subscriptions[1].plan",
                        "subscriptions[2].period.timezone")
                .hasSize(20);
    }

    @Test
    void everyListOfADocumentMayBeLeftOutButNotAll() {
        assertThat(errors("meters: []")).isEmpty();
        assertThat(errors("pricing:")).isEmpty();
        assertThat(errors(""))
                .containsExactly(": the catalogue is empty; it has meters, pricing, subscriptions or credits");
        assertThat(errors("---\n---\n"))
                .containsExactly(": the catalogue is empty; it has meters, pricing, subscriptions or credits");
    }

    @Test
    void unknownFieldsAreRefusedAndTheRightOneNamed() {
        assertThat(errors("meter: []"))
                .containsExactly("meter: a catalogue has no field \"meter\"; did you mean meters?");
        assertThat(errors("meters: [{meter: m, event_type: x, aggregation: count}]"))
                .containsExactly("meters[0].event_type: a meter has no field \"event_type\"; did you mean eventType?");
        assertThat(errors("meters: [{meter: m, eventType: x, aggregation: count, colour: red}]"))
                .containsExactly(
                        "meters[0].colour: a meter has no field \"colour\"; its fields are meter, description, "
                                + "eventType, aggregation, value, dimensions, where, unit, quantum, perEvent, valueKind, effectiveFrom, cost");
    }

    @Test
    void wrongTypesAreNamed() {
        assertThat(errors("meters: {a: b}")).containsExactly("meters: expected a list but found an object");
        assertThat(errors("meters: [tokens]"))
                .containsExactly("meters[0]: expected a meter (fields and their values) but found \"tokens\"");
        assertThat(errors("meters: [null]")).containsExactly("meters[0]: is empty");
        assertThat(errors("meters: [{meter: 5, eventType: {}, aggregation: [sum], value: true, perEvent: 1}]"))
                .containsExactly(
                        "meters[0].meter: expected text but found the number 5; put it in quotes",
                        "meters[0].eventType: expected text but found an object",
                        "meters[0].aggregation: expected text but found a list",
                        "meters[0].value: expected text but found true; put it in quotes",
                        "meters[0].perEvent: expected true or false but found the number 1");
        assertThat(errors("[1]")).containsExactly(": expected a catalogue (fields and their values) but found a list");
    }

    @Test
    void namesAreUniqueWithinAllDocuments() {
        String meter = "meters: [{meter: m, eventType: x, aggregation: count}]";

        assertThat(errors(meter + "\n---\n" + meter))
                .containsExactly("document 2: meters[0].meter: \"m\" is the name of document 1: meters[0] already");
    }

    @Test
    void aDocumentMayReferToWhatStandsAlready() {
        Catalog current = catalog(TestingCatalogs.SMALL);

        CatalogChange change =
                apply(current, "subscriptions: [{tenant: blue, plan: growth, start: \"2026-04-01T00:00:00Z\"}]");

        assertThat(change.errors()).isEmpty();
        assertThat(change.catalog().subscriptions()).containsOnlyKeys("acme", "blue");
    }

    @Test
    void yamlAndJsonSayTheSame() {
        String json = """
                {
                \t"meters": [{"meter": "tokens", "eventType": "chat", "aggregation": "sum", "value": "$.n",
                \t            "dimensions": {"model": "$.model", "kind": "$.kind"}}],
                \t"pricing": [{"version": "v1", "effectiveFrom": "2026-01-01T00:00:00Z", "currency": "USD",
                \t  "plans": [{"plan": "growth", "charges": [
                \t    {"charge": "fee", "model": "flat", "amount": 10.00},
                \t    {"charge": "tokens", "model": "unit", "meter": "tokens", "unitPrice": 0.0020}]}]}],
                \t"subscriptions": [{"tenant": "acme", "plan": "growth", "start": "2026-04-01T02:00:00+02:00"}]
                }
                """;

        assertThat(catalog(json)).isEqualTo(catalog(TestingCatalogs.SMALL));
    }

    @Test
    void moreErrorsThanAnyoneReadsAreCounted() {
        String catalog = "meters: [" + "x, ".repeat(CatalogErrors.ERRORS_MAX + 5) + "]";

        assertThat(apply(TestingCatalogs.EMPTY, catalog).errors())
                .hasSize(CatalogErrors.ERRORS_MAX + 1)
                .endsWith(new CatalogError("", "5 more errors are not listed; mend these first"));
    }

    @Test
    void aFeatureThatTheBuildDoesNotCarryOutIsRefusedWhereItIsUsed() {
        SupportedFeatures supported =
                SupportedFeatures.refusing("meter.aggregation=avg", "charge.model=volume", "subscription.shadow");
        List<CatalogDocument> documents = List.of(CatalogDocument.of(Map.of(
                "meters",
                List.of(
                        Map.of("meter", "a", "eventType", "x", "aggregation", "avg", "value", "$.n"),
                        Map.of("meter", "b", "eventType", "x", "aggregation", "sum", "value", "$.n")),
                "subscriptions",
                List.of(Map.of(
                        "tenant", "acme",
                        "plan", "growth",
                        "start", "2026-04-01T00:00:00Z",
                        "shadow", List.of("v1"))))));

        assertThat(CatalogParser.parse(documents, supported).errors())
                .containsExactly(
                        new CatalogError(
                                "meters[0].aggregation", "aggregation avg is not carried out by this build yet"),
                        new CatalogError("subscriptions[0].shadow", "shadow is not carried out by this build yet"));
        assertThat(CatalogParser.parse(documents, SupportedFeatures.refusing()).errors())
                .isEmpty();
    }
}

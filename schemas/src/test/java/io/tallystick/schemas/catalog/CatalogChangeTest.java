package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.NOTHING_COUNTED;
import static io.tallystick.schemas.catalog.TestingCatalogs.NOW;
import static io.tallystick.schemas.catalog.TestingCatalogs.SMALL;
import static io.tallystick.schemas.catalog.TestingCatalogs.apply;
import static io.tallystick.schemas.catalog.TestingCatalogs.catalog;
import static io.tallystick.schemas.catalog.TestingCatalogs.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogChangeTest {

    private static final Catalog CURRENT = catalog(SMALL);
    private static final String SUBSCRIPTION =
            "subscriptions: [{tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\"%s}]";

    private static List<String> conflictPaths(CatalogChange change) {
        assertThat(change.errors()).isEmpty();
        return change.conflicts().stream().map(CatalogError::path).toList();
    }

    @Test
    void whatIsNewIsAdded() {
        CatalogChange change = apply(TestingCatalogs.EMPTY, SMALL);

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.changes())
                .containsExactly(
                        new CatalogChange.Change(new CatalogKey(CatalogKind.METER, "tokens"), true, List.of()),
                        new CatalogChange.Change(new CatalogKey(CatalogKind.PRICING, "v1"), true, List.of()),
                        new CatalogChange.Change(new CatalogKey(CatalogKind.SUBSCRIPTION, "acme"), true, List.of()));
    }

    @Test
    void applyingTheSameTwiceChangesNothing() {
        CatalogChange change = CatalogChange.apply(CURRENT, parse(SMALL), NOW, meter -> true);

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.changes()).isEmpty();
        assertThat(change.catalog()).isEqualTo(CURRENT);
    }

    @Test
    void theSameInOtherWordsChangesNothing() {
        String other = """
                {"subscriptions": [{"subscription": "acme", "tenant": "acme", "plan": "growth", "start": "2026-04-01T02:00:00+02:00",
                  "period": {"every": "P1M", "anchor": "2026-04-01T00:00:00Z"}, "limits": null, "shadow": []}],
                 "meters": [{"meter": "tokens", "eventType": "chat", "aggregation": "sum", "value": "$['n']", "perEvent": false,
                  "dimensions": {"kind": "$.kind", "model": "$.model"}}]}
                """;

        assertThat(apply(CURRENT, other).changes()).isEmpty();
        assertThat(apply(CURRENT, other).isAccepted()).isTrue();
    }

    @Test
    void nothingDisappearsByBeingLeftOut() {
        Catalog after = apply(CURRENT, "meters: [{meter: calls, eventType: call, aggregation: count}]")
                .catalog();

        assertThat(after.meters()).containsOnlyKeys("calls", "tokens");
        assertThat(after.pricing()).isEqualTo(CURRENT.pricing());
        assertThat(after.subscriptions()).isEqualTo(CURRENT.subscriptions());
    }

    @Test
    void theChangeOfAnObjectIsToldPlaceByPlace() {
        CatalogChange change = apply(
                CURRENT,
                SUBSCRIPTION.formatted(", end: \"2026-06-01T00:00:00Z\", lateUsage: credit_note, limits: {day: 5}"));

        assertThat(change.changes())
                .containsExactly(new CatalogChange.Change(
                        new CatalogKey(CatalogKind.SUBSCRIPTION, "acme"),
                        false,
                        List.of(
                                new CatalogChange.FieldChange("end", null, "2026-06-01T00:00:00Z"),
                                new CatalogChange.FieldChange("lateUsage", "next_invoice", "credit_note"),
                                new CatalogChange.FieldChange(
                                        "limits",
                                        null,
                                        "{\"alertAt\":[\"0.8\",\"1\"],\"day\":\"5\",\"onExceed\":\"alert\"}"))));
    }

    @Test
    void errorsLeaveTheCatalogueAsItIs() {
        CatalogChange change = apply(CURRENT, "meters: [{meter: calls, eventType: call}]");

        assertThat(change.isAccepted()).isFalse();
        assertThat(change.catalog()).isSameAs(CURRENT);
        assertThat(change.changes()).isEmpty();
        assertThat(change.errors()).hasSize(1);
    }

    @Test
    void anEffectiveVersionCannotBeChanged() {
        CatalogChange change = apply(CURRENT, SMALL.replace("0.0020", "0.0030"));

        assertThat(change.errors()).isEmpty();
        assertThat(change.conflicts())
                .containsExactly(new CatalogError(
                        "pricing[0].plans[0].charges[1].unitPrice",
                        "version v1 is effective since 2026-01-01T00:00:00Z and cannot be changed: here it would become "
                                + "\"0.0030\" instead of \"0.0020\"; publish a new version"));
        assertThat(change.catalog()).isSameAs(CURRENT);
        assertThat(change.changes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-05-15T00:00:00Z, false", "2026-05-15T01:00:00Z, true"})
    void aVersionCanBeChangedUntilItIsEffective(String effectiveFrom, boolean isChangeable) {
        String version = "pricing: [{version: v2, effectiveFrom: \"" + effectiveFrom
                + "\", currency: USD, plans: [{plan: growth, charges: [{charge: fee, model: flat, amount: %s}]}]}]";
        Catalog current = apply(CURRENT, version.formatted("1")).catalog();

        CatalogChange change = apply(current, version.formatted("2"));

        assertThat(change.isAccepted()).isEqualTo(isChangeable);
        assertThat(conflictPaths(change))
                .isEqualTo(isChangeable ? List.of() : List.of("pricing[0].plans[0].charges[0].amount"));
    }

    @Test
    void aNewVersionMayBeDatedInThePast() {
        CatalogChange change = apply(
                CURRENT,
                "pricing: [{version: v0, effectiveFrom: \"2025-01-01T00:00:00Z\", currency: USD, plans: [{plan: growth}]}]");

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.catalog().pricing()).containsOnlyKeys("v0", "v1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eventType: other, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}",
                "eventType: chat, aggregation: max, value: $.n, dimensions: {model: $.model, kind: $.kind}",
                "eventType: chat, aggregation: sum, value: $.m, dimensions: {model: $.model, kind: $.kind}",
                "eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind, more: $.more}",
                "eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}, where: {a: b}",
                "eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}, perEvent: true",
                "eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}, quantum: {step: 1, mode: up}",
                "eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model, kind: $.kind}, effectiveFrom: 2026-01-01T00:00:00Z"
            })
    void whatAMeterCountsIsFixedOnceItHasCounted(String fields) {
        ParsedCatalog parsed = parse("meters: [{meter: tokens, " + fields + "}]");

        assertThat(CatalogChange.apply(CURRENT, parsed, NOW, NOTHING_COUNTED).isAccepted())
                .isTrue();
        assertThat(CatalogChange.apply(CURRENT, parsed, NOW, "other"::equals).isAccepted())
                .isTrue();
        CatalogChange refused = CatalogChange.apply(CURRENT, parsed, NOW, "tokens"::equals);
        assertThat(conflictPaths(refused)).hasSize(1).allMatch(path -> path.startsWith("meters[0]."));
        assertThat(refused.conflicts().get(0).message()).startsWith("meter tokens has counted and cannot be changed: ");
    }

    @Test
    void theWordsOfAMeterMayChangeAtAnyTime() {
        CatalogChange change = CatalogChange.apply(
                CURRENT,
                parse(
                        "meters: [{meter: tokens, description: All tokens, unit: token, eventType: chat, aggregation: sum, "
                                + "value: $.n, dimensions: {model: $.model, kind: $.kind}}]"),
                NOW,
                meter -> true);

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.catalog().meters().get("tokens").unit()).isEqualTo("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "end: \"2026-06-01T00:00:00Z\"",
                "limits: {day: 5}",
                "shadow: [v1]",
                "provider: {name: stripe, customer: c}",
                "lateUsage: report_only"
            })
    void fiveThingsOfARunningSubscriptionMayChange(String field) {
        CatalogChange change = apply(CURRENT, SUBSCRIPTION.formatted(", " + field));

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.changes()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'tenant: acme, plan: scale, start: \"2026-04-01T00:00:00Z\"', subscriptions[0].plan",
        "'tenant: blue, subscription: acme, plan: growth, start: \"2026-04-01T00:00:00Z\"', subscriptions[0].tenant",
        "'tenant: acme, plan: growth, start: \"2026-04-01T01:00:00Z\", period: {every: P1M, anchor: \"2026-04-01T00:00:00Z\"}', subscriptions[0].start",
        "'tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\", period: {every: P1W}', subscriptions[0].period.every",
        "'tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\", pricingVersion: v1', subscriptions[0].pricingVersion"
    })
    void nothingElseOfARunningSubscriptionMayChange(String fields, String path) {
        Catalog current = apply(
                        CURRENT,
                        "pricing: [{version: v2, effectiveFrom: \"2026-01-01T00:00:00Z\", currency: USD, plans: [{plan: scale}]}]")
                .catalog();

        assertThat(conflictPaths(apply(current, "subscriptions: [{" + fields + "}]")))
                .containsExactly(path);
    }

    @ParameterizedTest
    @CsvSource({"2026-05-15T00:00:00Z, false", "2026-05-15T01:00:00Z, true"})
    void aSubscriptionCanBeChangedUntilItRuns(String start, boolean isChangeable) {
        String subscription =
                "subscriptions: [{tenant: blue, plan: growth, start: \"" + start + "\", period: {every: %s}}]";
        Catalog current = apply(CURRENT, subscription.formatted("P1M")).catalog();

        assertThat(apply(current, subscription.formatted("P1D")).isAccepted()).isEqualTo(isChangeable);
    }

    @Test
    void aSubscriptionKeepsItsTenantEvenBeforeItRuns() {
        String subscription =
                "subscriptions: [{tenant: %s, subscription: s, plan: growth, start: \"2026-09-01T00:00:00Z\"}]";
        Catalog current = apply(CURRENT, subscription.formatted("blue")).catalog();

        CatalogChange change = apply(current, subscription.formatted("teal"));

        assertThat(change.conflicts())
                .containsExactly(new CatalogError(
                        "subscriptions[0].tenant",
                        "subscription s keeps its tenant: here it would become \"teal\" instead of \"blue\"; "
                                + "end it and start another"));
    }

    @Test
    void allConflictsAreReportedAtOnce() {
        CatalogChange change = CatalogChange.apply(
                CURRENT,
                parse(SMALL.replace("0.0020", "0.0030")
                        .replace("eventType: chat", "eventType: other")
                        .replace("2026-04-01", "2026-03-01")),
                NOW,
                meter -> true);

        assertThat(conflictPaths(change))
                .containsExactly(
                        "meters[0].eventType",
                        "pricing[0].plans[0].charges[1].unitPrice",
                        "subscriptions[0].period.anchor",
                        "subscriptions[0].start");
    }

    @Test
    void aPlanChangeEndsOneSubscriptionAndStartsAnother() {
        Catalog current = apply(
                        CURRENT,
                        "pricing: [{version: v2, effectiveFrom: \"2026-01-01T00:00:00Z\", currency: USD, plans: [{plan: scale}]}]")
                .catalog();

        CatalogChange change = apply(current, """
                subscriptions:
                  - {tenant: acme, plan: growth, start: "2026-04-01T00:00:00Z", end: "2026-05-20T00:00:00Z"}
                  - {tenant: acme, subscription: acme-2, plan: scale, start: "2026-05-20T00:00:00Z"}
                """);

        assertThat(change.isAccepted()).isTrue();
        assertThat(change.catalog().subscriptions().get("acme").end()).isEqualTo(Instant.parse("2026-05-20T00:00:00Z"));
        assertThat(change.catalog().subscriptions().get("acme-2").plan()).isEqualTo("scale");
    }

    private static String withCost(String cards) {
        return SMALL.replace("value: $.n,", "value: $.n, cost: [" + cards + "],");
    }

    private static String card(String from, String unitCost) {
        return "{effectiveFrom: " + from + ", currency: USD, rates: [{unitCost: " + unitCost + "}]}";
    }

    @Test
    void ratesOfAMeterThatHasCountedMayBeAddedAndEffectiveOnesStay() {
        String past = card("2026-01-01T00:00:00Z", "1");
        String future = card("2027-01-01T00:00:00Z", "2");
        Catalog without = catalog(SMALL);
        Catalog with = catalog(withCost(past + ", " + future));

        assertThat(change(without, withCost(past)).isAccepted()).isTrue();
        assertThat(change(with, withCost(past + ", " + card("2027-01-01T00:00:00Z", "3")))
                        .isAccepted())
                .isTrue();
        assertThat(change(with, SMALL).conflicts())
                .extracting(CatalogError::path)
                .containsExactly("meters[0].cost");
        assertThat(change(with, withCost(card("2026-01-01T00:00:00Z", "5") + ", " + future))
                        .conflicts())
                .hasSize(1);
    }

    private static CatalogChange change(Catalog current, String yaml) {
        return CatalogChange.apply(current, TestingCatalogs.parse(yaml), TestingCatalogs.NOW, meter -> true);
    }

    @ParameterizedTest
    @CsvSource({"2026-05-15T00:00:00Z, false", "2026-05-15T01:00:00Z, true"})
    void aCreditCanBeChangedUntilItIsEffective(String effectiveFrom, boolean isChangeable) {
        String credit = SMALL + "credits: [{credit: c, tenant: acme, amount: \"5\", currency: USD, effectiveFrom: "
                + effectiveFrom + "}]";
        Catalog current = catalog(credit);

        assertThat(change(current, credit).changes()).isEmpty();
        assertThat(change(current, credit.replace("\"5\"", "\"6\"")).isAccepted())
                .isEqualTo(isChangeable);
        assertThat(change(current, credit.replace("tenant: acme, amount", "tenant: other, amount"))
                        .isAccepted())
                .isFalse();
    }

    @Test
    void aCreditIsReadWithEveryMistakeAtItsPath() {
        assertThat(TestingCatalogs.errors(SMALL
                        + "credits: [{credit: a b, tenant: acme, amount: 0, currency: USD, priority: 1001,"
                        + " effectiveFrom: 2026-05-01T00:00:00Z, expiresAt: 2026-05-01T00:00:00Z, subscriptions: [acmee]},"
                        + " {credit: c, tenant: other, amount: \"1.005\", currency: USD, effectiveFrom: 2026-05-01T00:30:00Z, subscriptions: [acme]},"
                        + " {credit: c, amount: 1, currency: XXX}]"))
                .extracting(error -> error.substring(0, error.indexOf(": ")))
                .contains(
                        "credits[0].credit",
                        "credits[0].amount",
                        "credits[0].priority",
                        "credits[0].expiresAt",
                        "credits[0].subscriptions[0]",
                        "credits[1].amount",
                        "credits[1].effectiveFrom",
                        "credits[1].subscriptions[0]",
                        "credits[2].credit",
                        "credits[2].tenant",
                        "credits[2].currency",
                        "credits[2].effectiveFrom");
    }
}

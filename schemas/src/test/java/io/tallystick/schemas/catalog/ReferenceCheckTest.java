package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.SMALL;
import static io.tallystick.schemas.catalog.TestingCatalogs.apply;
import static io.tallystick.schemas.catalog.TestingCatalogs.catalog;
import static io.tallystick.schemas.catalog.TestingCatalogs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceCheckTest {

    private static String pricing(String... versions) {
        return "pricing: [" + String.join(", ", versions) + "]\n";
    }

    private static String version(String name, String date, String currency, String plan) {
        return "{version: " + name + ", effectiveFrom: \"" + date + "T00:00:00Z\", currency: " + currency
                + ", plans: [{plan: " + plan + "}]}";
    }

    private static List<String> errorsOf(Catalog current, String yaml) {
        return apply(current, yaml).errors().stream()
                .map(error -> error.path() + ": " + error.message())
                .toList();
    }

    @Test
    void aPlanHasOneVersionPerDate() {
        String first = version("v1", "2026-01-01", "USD", "growth");

        assertThat(errors(pricing(first, version("v2", "2026-01-02", "USD", "growth"))))
                .isEmpty();
        assertThat(errors(pricing(first, version("v2", "2026-01-01", "USD", "scale"))))
                .isEmpty();
        assertThat(errors(pricing(first, version("v2", "2026-01-01", "USD", "growth"))))
                .containsExactly("pricing[1].effectiveFrom: plan growth has a version of this date already: v1");
        assertThat(errorsOf(catalog(pricing(first)), pricing(version("v2", "2026-01-01", "USD", "growth"))))
                .containsExactly("pricing[0].effectiveFrom: plan growth has a version of this date already: v1");
    }

    @Test
    void aPlanKeepsItsCurrency() {
        String first = version("v1", "2026-01-01", "USD", "growth");

        assertThat(errors(pricing(first, version("v2", "2026-02-01", "EUR", "scale"))))
                .isEmpty();
        assertThat(errors(pricing(first, version("v2", "2026-02-01", "EUR", "growth"))))
                .containsExactly(
                        "pricing[1].currency: plan growth is in USD in version v1 and keeps that currency in all versions");
    }

    @ParameterizedTest
    @CsvSource({
        "USD, true",
        "JPY, true",
        "KWD, true",
        "EUR, true",
        "usd, false",
        "DEM, false",
        "XAU, false",
        "XXX, false",
        "EURO, false"
    })
    void currenciesAreThoseOfIso4217(String currency, boolean isTaken) {
        assertThat(errors(pricing(version("v1", "2026-01-01", currency, "growth"))))
                .hasSize(isTaken ? 0 : 1);
    }

    @Test
    void plansAndChargesHaveNamesOfTheirOwn() {
        assertThat(
                        errors(
                                "pricing: [{version: v1, effectiveFrom: \"2026-01-01T00:00:00Z\", currency: USD, plans: "
                                        + "[{plan: a, charges: [{charge: x, model: flat, amount: 1}, {charge: x, model: flat, amount: 2}]}, {plan: a}]}]"))
                .containsExactly(
                        "pricing[0].plans[0].charges[1].charge: \"x\" is the name of pricing[0].plans[0].charges[0] already",
                        "pricing[0].plans[1].plan: \"a\" is the name of pricing[0].plans[0] already");
        assertThat(errors(pricing(version("v1", "2026-01-01", "USD", "a"), version("v1", "2026-02-01", "USD", "a"))))
                .containsExactly("pricing[1].version: \"v1\" is the name of pricing[0] already");
    }

    @Test
    void aVersionHasPlansAndACommitmentIsNotNegative() {
        assertThat(errors(
                        "pricing: [{version: v1, effectiveFrom: \"2026-01-01T00:00:00Z\", currency: USD, plans: []}]"))
                .containsExactly("pricing[0].plans: has no plan");
        assertThat(errors("pricing: [{version: v1, effectiveFrom: \"2026-01-01T00:00:00Z\", currency: USD}]"))
                .containsExactly("pricing[0].plans: is missing");
        String plan = "pricing: [{version: v1, effectiveFrom: \"2026-01-01T00:00:00Z\", currency: USD, "
                + "plans: [{plan: a, commitment: {amount: %s}}]}]";
        assertThat(errors(plan.formatted("0"))).isEmpty();
        assertThat(errors(plan.formatted("-0.01")))
                .containsExactly("pricing[0].plans[0].commitment.amount: must not be negative but is -0.01");
        assertThat(errors(plan.replace("amount: %s", "")))
                .containsExactly("pricing[0].plans[0].commitment.amount: is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "2026", "v2_compute", "a.b-c_D"})
    void versionNamesAreSafeInIds(String name) {
        assertThat(errors(pricing(version("\"" + name + "\"", "2026-01-01", "USD", "growth"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "-a", "a..b", "ä", "a#b", ""})
    void otherVersionNamesAreNot(String name) {
        assertThat(errors(pricing(version("\"" + name + "\"", "2026-01-01", "USD", "growth"))))
                .hasSize(1);
    }

    @Test
    void pinsAndShadowsAreVersionsWithThePlan() {
        String versions = pricing(
                version("v1", "2026-01-01", "USD", "growth"),
                version("v9", "2030-01-01", "USD", "growth"),
                version("other", "2026-01-01", "USD", "scale"));
        String acme = "subscriptions: [{tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\", %s}]";

        assertThat(errors(versions + acme.formatted("pricingVersion: v9, shadow: [v1]")))
                .isEmpty();
        assertThat(errors(versions + acme.formatted("pricingVersion: v2")))
                .containsExactly("subscriptions[0].pricingVersion: there is no pricing version v2; did you mean v1?");
        assertThat(errors(versions + acme.formatted("pricingVersion: other")))
                .containsExactly("subscriptions[0].pricingVersion: version other has no plan growth");
        assertThat(errors(versions + acme.formatted("shadow: [v1, nothing, other]")))
                .containsExactly(
                        "subscriptions[0].shadow[1]: there is no pricing version nothing",
                        "subscriptions[0].shadow[2]: version other has no plan growth");
    }

    @Test
    void aSubscriptionStartsUnderAVersionUnlessItIsPinned() {
        String acme = "subscriptions: [{tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\"%s}]";

        assertThat(errors(pricing(version("v1", "2026-04-01", "USD", "growth")) + acme.formatted("")))
                .isEmpty();
        assertThat(errors(pricing(version("v1", "2026-04-02", "USD", "growth")) + acme.formatted("")))
                .containsExactly(
                        "subscriptions[0].start: no version of plan growth is in force at 2026-04-01T00:00:00Z; "
                                + "the first begins at 2026-04-02T00:00:00Z");
        assertThat(errors(
                        pricing(version("v1", "2026-04-02", "USD", "growth")) + acme.formatted(", pricingVersion: v1")))
                .isEmpty();
    }

    @Test
    void anUnknownPlanIsReportedOnce() {
        assertThat(
                        errors(
                                pricing(version("v1", "2026-01-01", "USD", "growth"))
                                        + "subscriptions: [{tenant: acme, plan: grwth, start: \"2026-04-01T00:00:00Z\", pricingVersion: v1}]"))
                .containsExactly("subscriptions[0].plan: no pricing version has a plan grwth; did you mean growth?");
    }

    @Test
    void aChangedMeterThatStandingChargesNeedIsReportedAtTheMeter() {
        Catalog current = catalog(
                TestingCatalogs.withCharge("{charge: c, model: unit, meter: tokens, unitPrice: 1, groupBy: [model]}, "
                        + "{charge: d, model: percentage, meter: money, rate: 1, freeEvents: 3}"));

        assertThat(errorsOf(
                        current,
                        "meters: [{meter: tokens, eventType: chat, aggregation: sum, value: $.n}, "
                                + "{meter: money, eventType: pay, aggregation: sum, value: $.n}]"))
                .containsExactly(
                        "meters[0]: charge c of v1, plan growth: meter tokens has no dimension model; it has none",
                        "meters[1]: charge d of v1, plan growth: freeEvents, freeAmount, minPerEvent and maxPerEvent need "
                                + "a meter with perEvent: true, which money is not");
    }

    @Test
    void aChangedVersionThatStandingSubscriptionsNeedIsReportedAtTheVersion() {
        String future =
                pricing(version("v1", "2026-01-01", "USD", "growth"), version("v2", "2027-01-01", "USD", "scale"));
        Catalog current = catalog(future
                + "subscriptions: [{tenant: acme, plan: scale, start: \"2027-02-01T00:00:00Z\"}, "
                + "{tenant: blue, plan: growth, start: \"2026-02-01T00:00:00Z\"}]");

        assertThat(errorsOf(current, pricing(version("v2", "2027-01-01", "USD", "other"))))
                .containsExactly("pricing[0]: subscription acme: no pricing version has a plan scale");
        assertThat(errorsOf(current, pricing(version("v2", "2027-03-01", "USD", "scale"))))
                .containsExactly("pricing[0]: subscription acme: no version of plan scale is in force at "
                        + "2027-02-01T00:00:00Z; the first begins at 2027-03-01T00:00:00Z");
    }

    @Test
    void oneMistakeInAMeterIsNotReportedAtItsCharges() {
        String charge = "{charge: c, model: unit, meter: tokens, unitPrice: 1, where: {model: a}}";
        String catalog = TestingCatalogs.withCharge(charge);

        assertThat(errors(catalog.replace("model: $.model", "model: model"))).hasSize(1);
        assertThat(errors(catalog.replace("{model: $.model, kind: $.kind}", "[model]")))
                .hasSize(1);
        assertThat(errors(catalog.replace("aggregation: sum, value: $.n, dimensions", "value: $.n, dimensions")))
                .hasSize(1);
    }

    @Test
    void oneMistakeInAVersionIsNotReportedAtItsSubscriptions() {
        assertThat(errors(SMALL.replace("2026-01-01T00:00:00Z", "yesterday"))).hasSize(1);
        assertThat(errors(SMALL.replace("USD", "XXX"))).hasSize(1);
        assertThat(errors(SMALL.replace("\"0.0020\"", "free"))).hasSize(1);
        assertThat(errors(SMALL.replace("start: \"2026-04-01T00:00:00Z\"", "start: today")))
                .hasSize(1);
    }

    @Test
    void whatCouldNotBeReadIsNotReportedAsMissingToo() {
        assertThat(errors(SMALL.replace("{meter: tokens", "{metre: tokens"))).hasSize(1);
        assertThat(errors(SMALL.replace("version: v1", "vresion: v1")
                        .replace("plan: growth, start", "plan: growth, pricingVersion: v1, start")))
                .hasSize(1);
        assertThat(errors(SMALL.replace("- plan: growth", "- pln: growth"))).hasSize(1);
        assertThat(errors(SMALL.replace("meters:\n  - ", "meters:\n    "))).hasSize(1);
        assertThat(errors(SMALL.replace("meters:", "metters:"))).hasSize(1);
        assertThat(errors(SMALL.replace("pricing:", "prices:"))).hasSize(1);
        assertThat(errors("meters: [\n")).hasSize(1);
    }

    private static String eased(String transition, String from, String plan) {
        return """
                pricing:
                  - {version: v1, effectiveFrom: "%s", currency: USD, plans: [{plan: %s}]}
                  - {version: v2, effectiveFrom: "2026-02-01T00:00:00Z", currency: USD, plans: [{plan: growth, transition: %s}]}
                """.formatted(from, plan, transition);
    }

    @Test
    void aCapIsMeasuredAgainstAnOlderVersionOfThePlan() {
        String cap = "{cap: {from: v1, percent: 20, days: 90}}";
        String path = "pricing[1].plans[0].transition.cap.from: ";

        assertThat(errors(eased(cap, "2026-01-31T23:00:00Z", "growth"))).isEmpty();
        assertThat(errors(eased(cap, "2026-02-01T01:00:00Z", "growth")))
                .containsExactly(path + "version v1 is effective from 2026-02-01T01:00:00Z, which is not before"
                        + " 2026-02-01T00:00:00Z; name the version that this one follows");
        assertThat(errors(eased(cap, "2026-01-01T00:00:00Z", "scale")))
                .containsExactly(path + "version v1 has no plan growth");
        assertThat(errors(eased("{cap: {from: v3, percent: 20, days: 90}}", "2026-01-01T00:00:00Z", "growth")))
                .containsExactly(path + "there is no pricing version v3; did you mean v1?");
        assertThat(errors(eased("{cap: {from: v2, percent: 20, days: 90}}", "2026-01-01T00:00:00Z", "growth")))
                .hasSize(1)
                .allMatch(error -> error.startsWith(path + "version v2 is effective from"));
    }

    @Test
    void aTransitionHasACapOrACreditWithinBounds() {
        String at = "pricing[1].plans[0].transition";

        assertThat(errors(eased("{credit: {amount: 50, days: 3660}}", "2026-01-01T00:00:00Z", "growth")))
                .isEmpty();
        assertThat(errors(eased("{}", "2026-01-01T00:00:00Z", "growth"))).containsExactly(at + ".cap: is missing");
        assertThat(errors(eased("20", "2026-01-01T00:00:00Z", "growth"))).hasSize(1);
        assertThat(errors(eased("{cap: {from: v1, percent: -1, days: 0}}", "2026-01-01T00:00:00Z", "growth")))
                .containsExactly(
                        at + ".cap.percent: must be from 0 to 1000 percent but is -1",
                        at + ".cap.days: 0 is not a whole number from 1 to 3660");
        assertThat(errors(eased("{credit: {amount: 0, days: 1.5}, cap: {day: 3}}", "2026-01-01T00:00:00Z", "growth")))
                .hasSize(5);
    }
}

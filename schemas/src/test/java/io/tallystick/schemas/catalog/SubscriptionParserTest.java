package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.SMALL;
import static io.tallystick.schemas.catalog.TestingCatalogs.catalog;
import static io.tallystick.schemas.catalog.TestingCatalogs.errors;
import static io.tallystick.schemas.catalog.TestingCatalogs.subscriptionErrors;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionParserTest {

    private static final String ACME = "tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\"";

    private static Subscription subscription(String fields) {
        String document = SMALL.substring(0, SMALL.indexOf("subscriptions:")) + "subscriptions: [{" + fields + "}]";
        return catalog(document).subscriptions().values().iterator().next();
    }

    @Test
    void whatIsLeftOutHasDefaults() {
        Instant start = Instant.parse("2026-04-01T00:00:00Z");

        assertThat(subscription(ACME))
                .isEqualTo(new Subscription(
                        "acme",
                        "acme",
                        "growth",
                        start,
                        null,
                        new Subscription.BillingCycle(Subscription.Every.P1M, start, ZoneId.of("UTC")),
                        null,
                        List.of(),
                        Subscription.LateUsage.NEXT_INVOICE,
                        null,
                        null));
        assertThat(subscription(ACME + ", period: {every: P1Y}").period())
                .isEqualTo(new Subscription.BillingCycle(Subscription.Every.P1Y, start, ZoneId.of("UTC")));
        assertThat(subscription(ACME + ", limits: {day: 5}").limits())
                .isEqualTo(new Subscription.Limits(
                        null, new BigDecimal("5"), List.of(new BigDecimal("0.8"), BigDecimal.ONE), false, null));
        assertThat(subscription(ACME + ", provider: {name: stripe, customer: cus_1}")
                        .provider())
                .isEqualTo(new Subscription.Provider("stripe", "invoice", "cus_1"));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(subscriptionErrors("{}"))
                .containsExactly(
                        "subscriptions[0].tenant: is missing",
                        "subscriptions[0].plan: is missing",
                        "subscriptions[0].start: is missing");
        assertThat(subscriptionErrors("{" + ACME + ", period: {}}"))
                .containsExactly("subscriptions[0].period.every: is missing");
        assertThat(subscriptionErrors("{" + ACME + ", limits: {}}"))
                .containsExactly("subscriptions[0].limits.period: is missing");
        assertThat(subscriptionErrors("{" + ACME + ", provider: {}}"))
                .containsExactly(
                        "subscriptions[0].provider.name: is missing", "subscriptions[0].provider.customer: is missing");
    }

    @Test
    void aTenantMayBeCalledAnythingASubscriptionMayNot() {
        String odd = "tenant: 'Müller & Söhne / 5', plan: growth, start: \"2026-04-01T00:00:00Z\"";

        assertThat(subscriptionErrors("{" + odd + "}"))
                .containsExactly("subscriptions[0].subscription: is missing, and the tenant's name "
                        + "\"Müller & Söhne / 5\" cannot stand in for it: " + Names.ID.rule());
        assertThat(subscription(odd + ", subscription: mueller.1_a-b").tenant()).isEqualTo("Müller & Söhne / 5");
        assertThat(subscriptionErrors("{" + ACME + ", subscription: a/b}"))
                .containsExactly("subscriptions[0].subscription: \"a/b\" is not allowed: " + Names.ID.rule());
        assertThat(subscriptionErrors("{" + ACME.replace("acme", "''") + "}"))
                .containsExactly("subscriptions[0].tenant: is empty");
    }

    @Test
    void namesAreTakenToTheirLimitsAndNotFurther() {
        assertThat(subscriptionErrors("{" + ACME.replace("acme", "a".repeat(64)) + "}"))
                .isEmpty();
        assertThat(subscriptionErrors("{" + ACME.replace("acme", "a".repeat(65)) + "}"))
                .hasSize(1);
        assertThat(subscriptionErrors("{" + ACME.replace("acme", "a".repeat(256)) + ", subscription: s}"))
                .isEmpty();
        assertThat(subscriptionErrors("{" + ACME.replace("acme", "a".repeat(257)) + ", subscription: s}"))
                .containsExactly("subscriptions[0].tenant: a tenant's name is at most 256 characters");
    }

    @Test
    void subscriptionsOfOneTenantNeedNamesOfTheirOwn() {
        assertThat(subscriptionErrors("{" + ACME + "}, {" + ACME + "}"))
                .containsExactly("subscriptions[1].subscription: \"acme\" is the name of subscriptions[0] already");
        assertThat(subscriptionErrors("{" + ACME + "}, {" + ACME + ", subscription: acme-2}"))
                .isEmpty();
    }

    @Test
    void itEndsAfterItStarts() {
        assertThat(subscriptionErrors("{" + ACME + ", end: \"2026-04-01T01:00:00Z\"}"))
                .isEmpty();
        assertThat(subscriptionErrors("{" + ACME + ", end: \"2026-04-01T00:00:00Z\"}"))
                .containsExactly("subscriptions[0].end: must be after start");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-04-01T00:00:00Z, true",
        "2026-04-01T02:00:00+02:00, true",
        "2026-04-01t00:00:00z, true",
        "2026-04-01T00:00:00.000Z, true",
        "2026-04-01T00:00:00.001Z, false",
        "2026-04-01T00:01:00Z, false",
        "2026-04-01T00:00Z, false",
        "2026-04-01T00:00:00, false",
        "2026-04-01 00:00:00Z, false",
        "2026-02-30T00:00:00Z, false",
        "2026-04-01T00:00:00+0200, false",
        "2026-04-01T00:30:00+00:30, true"
    })
    void instantsAreRfc3339OnWholeUtcHours(String start, boolean isTaken) {
        assertThat(subscriptionErrors("{tenant: acme, plan: growth, start: \"" + start + "\"}"))
                .hasSize(isTaken ? 0 : 1)
                .allMatch(error -> error.startsWith("subscriptions[0].start: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P1W", "P1M", "P3M", "P1Y"})
    void periodsAreOfTheKnownLengths(String every) {
        assertThat(subscription(ACME + ", period: {every: " + every + "}")
                        .period()
                        .every())
                .isEqualTo(Subscription.Every.valueOf(every));
        assertThat(subscriptionErrors("{" + ACME + ", period: {every: P2M}}"))
                .containsExactly(
                        "subscriptions[0].period.every: \"P2M\" is none of P1D, P1W, P1M, P3M, P1Y; did you mean P1M?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Z",
                "+02:00",
                "Europe/Berlin",
                "America/Bahia_Banderas",
                "Asia/Singapore",
                "America/New_York"
            })
    void zonesOnTheHourAreTaken(String zone) {
        assertThat(subscription(ACME + ", period: {every: P1M, timezone: '" + zone + "'}")
                        .period()
                        .timezone())
                .isEqualTo(ZoneId.of(zone));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+05:30",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Australia/Adelaide",
                "Australia/Lord_Howe",
                "America/St_Johns"
            })
    void zonesOffTheHourAreRefused(String zone) {
        assertThat(subscriptionErrors("{" + ACME + ", period: {every: P1M, timezone: '" + zone + "'}}"))
                .hasSize(1)
                .allMatch(error ->
                        error.startsWith("subscriptions[0].period.timezone: " + zone + " is not whole hours away"));
    }

    @Test
    void aZoneIsLookedAtFromTheFirstPeriodOn() {
        String caracas =
                "tenant: acme, plan: growth, start: \"2026-04-01T00:00:00Z\", period: {every: P1M, timezone: America/Caracas";

        assertThat(subscriptionErrors("{" + caracas + "}}")).isEmpty();
        assertThat(subscriptionErrors("{" + caracas + ", anchor: \"2016-01-01T00:00:00Z\"}}"))
                .hasSize(1);
    }

    @Test
    void unknownZonesAreRefused() {
        assertThat(subscriptionErrors("{" + ACME + ", period: {every: P1M, timezone: Europe/Berlinn}}"))
                .containsExactly(
                        "subscriptions[0].period.timezone: \"Europe/Berlinn\" is not a time zone; write one as in Europe/Berlin or UTC");
    }

    @Test
    void theAnchorIsOnAWholeHour() {
        assertThat(subscriptionErrors("{" + ACME + ", period: {every: P1M, anchor: \"2026-04-01T00:15:00Z\"}}"))
                .containsExactly("subscriptions[0].period.anchor: 2026-04-01T00:15:00Z is not on a whole UTC hour");
    }

    @ParameterizedTest
    @ValueSource(strings = {"next_invoice", "credit_note", "report_only"})
    void lateUsageIsOneOfThree(String word) {
        assertThat(subscription(ACME + ", lateUsage: " + word).lateUsage().text())
                .isEqualTo(word);
        assertThat(subscriptionErrors("{" + ACME + ", lateUsage: never}")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{period: 0} | ",
                "{period: -0.01} | period: must not be negative but is -0.01",
                "{day: -1} | day: must not be negative but is -1",
                "{day: 1, alertAt: [10, 0.001]} | ",
                "{day: 1, alertAt: []} | ",
                "{day: 1, alertAt: [0]} | alertAt[0]: must be a share greater than 0 and at most 10",
                "{day: 1, alertAt: [0.5, 80]} | alertAt[1]: must be a share greater than 0 and at most 10 (0.8 for 80 percent) but is 80",
                "{day: 1, alertAt: [0.5, '0.50']} | alertAt[1]: 0.50 stands here twice",
                "{day: 1, alertAt: 0.5} | alertAt: expected a list but found the number 0.5",
                "{day: 1, onExceed: block, fallback: small} | ",
                "{day: 1, onExceed: alert} | ",
                "{day: 1, onExceed: stop} | onExceed: \"stop\" is none of alert, block",
                "{day: 1, fallback: small} | fallback: is answered only where the limit blocks; add onExceed: block",
                "{day: 1, onExceed: block, fallback: ''} | fallback: is empty",
                "5 | : expected limits"
            })
    void limitsHaveAmountsSharesAndAConsequence(String limits, String error) {
        List<String> errors = subscriptionErrors("{" + ACME + ", limits: " + limits + "}");

        if (error == null) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors).hasSize(1);
            assertThat(errors.get(0).replace("limits:", "limits.:")).startsWith("subscriptions[0].limits." + error);
        }
    }

    @Test
    void alertSharesAreKeptInOrder() {
        assertThat(subscription(ACME + ", limits: {day: 1, alertAt: ['1', 0.5]}")
                        .limits()
                        .alertAt())
                .containsExactly(new BigDecimal("0.5"), BigDecimal.ONE);
    }

    @ParameterizedTest
    @CsvSource({
        "stripe, invoice, true",
        "stripe, meter_events, true",
        "stripe, usage_records, true",
        "stripe, charge, false",
        "paystack, invoice, true",
        "paystack, meter_events, false",
        "paypal, invoice, false"
    })
    void eachProviderHasItsModes(String name, String mode, boolean isTaken) {
        assertThat(subscriptionErrors(
                        "{" + ACME + ", provider: {name: " + name + ", mode: " + mode + ", customer: c}}"))
                .hasSize(isTaken ? 0 : 1);
    }

    @Test
    void paystackIsRefusedForACurrencyItDoesNotTake() {
        String catalog =
                SMALL.replace("plan: growth, start", "plan: growth, provider: {name: paystack, customer: c}, start");

        assertThat(errors(catalog)).isEmpty();
        assertThat(errors(catalog.replace("USD", "NGN"))).isEmpty();
        assertThat(errors(catalog.replace("USD", "EUR")))
                .containsExactly("subscriptions[0].provider.name: paystack takes no EUR, which plan growth is in");
    }

    @Test
    void shadowsAreVersionsEachOnce() {
        assertThat(subscriptionErrors("{" + ACME + ", shadow: [v1, v1]}"))
                .containsExactly("subscriptions[0].shadow[1]: \"v1\" stands here twice");
        assertThat(subscriptionErrors("{" + ACME + ", shadow: [1]}"))
                .containsExactly(
                        "subscriptions[0].shadow[0]: expected a pricing version's name but found the number 1");
    }
}

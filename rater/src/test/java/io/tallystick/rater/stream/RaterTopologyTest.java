package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RaterTopologyTest {

    static final Period APRIL = period("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z");
    static final Period MAY = period("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z");
    static final Period JUNE = period("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");

    static final String METERS = """
            meters:
              - {meter: units, eventType: used, aggregation: sum, value: $.n, dimensions: {model: $.model}}
              - {meter: storage, eventType: stored, aggregation: time_weighted, value: $.gb}
            """;
    static final String PRICES = """
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: base, model: flat, amount: "500.00"}
                      - {charge: compute, model: unit, meter: units, unitPrice: "0.05"}
                  - plan: tiered
                    charges:
                      - charge: compute
                        model: graduated
                        meter: units
                        tiers: [{upTo: "100", unitPrice: "1"}, {upTo: null, unitPrice: "0.5"}]
                  - plan: matrix
                    charges:
                      - charge: compute
                        model: unit
                        meter: units
                        matrix: [{where: {model: [a]}, unitPrice: "1.00"}, {where: {model: [b]}, unitPrice: "2.00"}]
                  - plan: disk
                    charges:
                      - {charge: disk, model: unit, meter: storage, unitPrice: "1.00"}
            """;

    private TestingRater rater;

    @AfterEach
    void stop() {
        if (rater != null) {
            rater.close();
        }
    }

    /** A changed topology needs a thought about the state of running installations: update with -Dgolden.update and say it in the commit. */
    @Test
    void theTopologyIsTheOneThatWasReviewed() throws IOException {
        Path golden = Path.of("src/test/resources/io/tallystick/rater/stream/topology.txt");
        String described = RaterStage.topology(
                        TestingRater.TOPICS,
                        (number, patience) -> {
                            throw new IllegalStateException();
                        },
                        SubscriptionDocument::read,
                        new RevisionsInForce())
                .describe()
                .toString();

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, described);
        }
        assertThat(described).isEqualTo(Files.readString(golden));
    }

    @Test
    void openChargesFollowTheTotals() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        assertThat(rater.total("acme-main", APRIL)).isEqualTo("500.00");

        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");
        assertThat(rater.total("acme-main", APRIL)).isEqualTo("504.00");

        rater.use("acme", "units", "2026-04-02T10:30:00Z", "2.1");
        assertThat(rater.total("acme-main", APRIL)).isEqualTo("504.11");
    }

    @Test
    void onlyWhatChangesIsEmitted() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");
        rater.readKeys();

        rater.use("acme", "units", "2026-04-03T10:00:00Z", "1");
        assertThat(rater.readKeys()).hasSize(1).allMatch(key -> key.contains("usage/compute/"));

        rater.use("acme", "units", "2026-04-03T10:00:00Z", "0");
        assertThat(rater.readKeys()).isEmpty();
    }

    @Test
    void aLineThatVanishesLeavesATombstone() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "matrix"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "3", "model", "a");
        String key = rater.readKeys().get(0);

        rater.use("acme", "units", "2026-04-02T11:00:00Z", "-3", "model", "a");

        assertThat(rater.readKeys()).containsExactly("-" + key);
        assertThat(rater.lines("acme-main", APRIL)).isEmpty();
    }

    @Test
    void aTenantWithoutASubscriptionIsChargedNothing() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));

        rater.use("globex", "units", "2026-04-02T10:00:00Z", "80");

        assertThat(rater.readKeys()).isEmpty();
    }

    @Test
    void usageThatCameBeforeItsSubscriptionIsBilledToo() {
        rater = TestingRater.with(METERS, PRICES);
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");

        rater.apply(subscription("acme", "acme-main", "growth"));
        rater.use("globex", "units", "2026-04-02T10:00:00Z", "1");

        assertThat(rater.total("acme-main", APRIL)).isEqualTo("504.00");
    }

    @Test
    void theFirstUsageOpensEveryPeriodUpToItsOwn() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));

        rater.use("acme", "units", "2026-06-02T10:00:00Z", "20");

        assertThat(rater.total("acme-main", APRIL)).isEqualTo("500.00");
        assertThat(rater.total("acme-main", MAY)).isEqualTo("500.00");
        assertThat(rater.total("acme-main", JUNE)).isEqualTo("501.00");
    }

    @Test
    void anEarlierEndTakesTheLinesOfLaterPeriodsAway() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-05-02T10:00:00Z", "20");
        assertThat(rater.total("acme-main", MAY)).isEqualTo("501.00");

        rater.apply(subscription("acme", "acme-main", "growth") + "    end: \"2026-04-20T00:00:00Z\"\n");

        assertThat(rater.lines("acme-main", MAY)).isEmpty();
        assertThat(rater.total("acme-main", APRIL)).isEqualTo("500.00");
    }

    @Test
    void twoSubscriptionsOfATenantAreBilledEachByItself() {
        rater = TestingRater.with(
                METERS, PRICES, subscription("acme", "acme-main", "growth"), more("acme", "acme-side", "tiered"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "110");

        assertThat(rater.total("acme-main", APRIL)).isEqualTo("505.50");
        assertThat(rater.total("acme-side", APRIL)).isEqualTo("105.00");

        rater.close("acme", "acme-main", APRIL);
        assertThat(rater.lines("acme-main", APRIL)).isEmpty();
        assertThat(rater.total("acme-side", APRIL)).isEqualTo("105.00");
    }

    @Test
    void dailyPeriodsAreCutAtMidnightOfTheirZone() {
        rater = TestingRater.with(METERS, PRICES, """
                subscriptions:
                  - tenant: acme
                    subscription: acme-main
                    plan: tiered
                    start: "2026-04-01T04:00:00Z"
                    period: {every: P1D, anchor: "2026-04-01T04:00:00Z", timezone: America/New_York}
                """);
        Period first = period("2026-04-01T04:00:00Z", "2026-04-02T04:00:00Z");
        Period second = period("2026-04-02T04:00:00Z", "2026-04-03T04:00:00Z");

        rater.use("acme", "units", "2026-04-02T03:59:59Z", "1");
        rater.use("acme", "units", "2026-04-02T04:00:00Z", "2");

        assertThat(rater.total("acme-main", first)).isEqualTo("1.00");
        assertThat(rater.total("acme-main", second)).isEqualTo("2.00");
        assertThat(rater.close("acme", "acme-main", first).total()).isEqualTo("1.00");
        assertThat(rater.close("acme", "acme-main", second).total()).isEqualTo("2.00");
    }

    @Test
    void aPriceChangeInsideAPeriodGivesBothSidesTheirOwnLine() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-05-07T23:59:59Z", "100");
        rater.use("acme", "units", "2026-05-08T00:00:00Z", "100");
        rater.close("acme", "acme-main", APRIL);

        rater.apply("""
                pricing:
                  - version: v2
                    effectiveFrom: "2026-05-08T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: growth
                        charges:
                          - {charge: base, model: flat, amount: "500.00"}
                          - {charge: compute, model: unit, meter: units, unitPrice: "2.50"}
                """);

        assertThat(rater.close("acme", "acme-main", MAY).items())
                .filteredOn(line -> line.kind() == LineItem.Kind.USAGE)
                .extracting(line -> line.pricingVersion() + " " + line.amount())
                .containsExactly("v1 5.00", "v2 250.00");
    }

    @Test
    void aNewRevisionRatesEveryTenantAgainInSteps() {
        rater = TestingRater.with(METERS, PRICES);
        StringBuilder subscriptions = new StringBuilder("subscriptions:\n");
        for (int i = 0; i < 1_100; i++) {
            subscriptions.append(entry("tenant" + i, "s" + i, "growth"));
        }
        rater.apply(subscriptions.toString());
        rater.readKeys();

        rater.apply("""
                pricing:
                  - version: v2
                    effectiveFrom: "2026-04-01T00:00:00Z"
                    currency: USD
                    plans:
                      - {plan: growth, charges: [{charge: base, model: flat, amount: "600.00"}]}
                """);
        int inOneCommit = rater.readKeys().size();
        TestingRater.AtMarker ahead = rater.close("tenant999", "s999", APRIL);
        for (int i = 0; i < 5; i++) {
            rater.use("globex", "units", "2026-04-02T10:00:00Z", "1"); // one more commit
        }

        assertThat(inOneCommit).isLessThan(1 + 4 * 500);
        assertThat(ahead.total()).isEqualTo("600.00");
        for (int i = 0; i < 1_100; i++) {
            assertThat(rater.total("s" + i, i == 999 ? MAY : APRIL)).isEqualTo("600.00");
        }
    }

    @Test
    void usageBehindTheMarkerLeavesTheClosedLinesAloneAndIsReported() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");
        rater.close("acme", "acme-main", APRIL);
        rater.readKeys();

        rater.use("acme", "units", "2026-04-02T10:30:00Z", "20");

        assertThat(rater.lines("acme-main", APRIL)).isEmpty();
        Alert alert = rater.readAlerts().get(0);
        assertThat(alert.kind()).isEqualTo(Alert.Kind.LATE_USAGE);
        assertThat(alert.period()).isEqualTo(APRIL);
        assertThat(alert.before()).isEqualTo("80");
        assertThat(alert.after()).isEqualTo("100");
    }

    @Test
    void aLevelHoldsOnIntoLaterPeriods() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "disk"));
        rater.use("acme", "storage", "2026-04-16T00:00:00Z", "10");
        rater.use("acme", "storage", "2026-06-01T00:00:00Z", "4");

        assertThat(rater.close("acme", "acme-main", APRIL).total()).isEqualTo("5.00");
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("10.00");
        assertThat(rater.total("acme-main", JUNE)).isEqualTo("4.00");
    }

    @Test
    void usageWithoutARowIsReportedOnce() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "matrix"));

        rater.use("acme", "units", "2026-04-02T10:00:00Z", "3", "model", "c");
        rater.use("acme", "units", "2026-04-02T11:00:00Z", "3", "model", "c");

        assertThat(rater.lines("acme-main", APRIL)).extracting(LineItem::kind).containsExactly(LineItem.Kind.UNRATED);
        assertThat(rater.readAlerts()).extracting(Alert::kind).containsExactly(Alert.Kind.UNRATED_USAGE);
    }

    @Test
    void shadowsAreRatedBesideTheCharges() {
        rater = TestingRater.with(
                METERS, PRICES, """
                  - version: v0
                    effectiveFrom: "2025-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - {plan: growth, charges: [{charge: base, model: flat, amount: "1.00"}]}
                """, subscription("acme", "acme-main", "growth") + "    shadow: [v0]\n");

        rater.use("acme", "units", "2026-04-02T10:00:00Z", "80");

        assertThat(rater.standing.values())
                .map(TopicCodecs.CHARGES::decode)
                .filteredOn(ShadowCharge.class::isInstance)
                .map(record -> ((ShadowCharge) record).shadow().total().toPlainString())
                .containsExactly("1.00");
    }

    @Test
    void theRevisionInForceIsKnown() {
        rater = TestingRater.with(METERS, PRICES);

        assertThat(rater.revisions.byPartition()).containsEntry(0, 1);
    }

    static String subscription(String tenant, String name, String plan) {
        return "subscriptions:\n" + entry(tenant, name, plan);
    }

    static String more(String tenant, String name, String plan) {
        return entry(tenant, name, plan);
    }

    private static String entry(String tenant, String name, String plan) {
        return """
                  - tenant: %s
                    subscription: %s
                    plan: %s
                    start: "2026-04-01T00:00:00Z"
                    period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}
                """.formatted(tenant, name, plan);
    }

    static Period period(String start, String end) {
        return new Period(Instant.parse(start), Instant.parse(end));
    }
}

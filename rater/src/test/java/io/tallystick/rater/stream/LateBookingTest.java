package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.JUNE;
import static io.tallystick.rater.stream.RaterTopologyTest.MAY;
import static io.tallystick.rater.stream.RaterTopologyTest.METERS;
import static io.tallystick.rater.stream.RaterTopologyTest.PRICES;
import static io.tallystick.rater.stream.RaterTopologyTest.more;
import static io.tallystick.rater.stream.RaterTopologyTest.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LateBookingTest {

    private TestingRater rater;

    @AfterEach
    void stop() {
        rater.close();
    }

    @Test
    void lateUsageIsALineOfTheNextPeriodThatNamesWhatItCorrects() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        TestingRater.AtMarker april = rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        LineItem original = april.items().get(0);
        assertThat(adjustments(MAY)).singleElement().satisfies(line -> {
            assertThat(line.amount()).isEqualTo("1.50");
            assertThat(line.quantity()).isEqualByComparingTo("2");
            assertThat(line.adjusts())
                    .isEqualTo(new LineItem.Adjusts(APRIL, original.line(), original.pricingVersion()));
        });
        assertThat(rater.lines("acme-main", APRIL)).isEmpty();
    }

    @Test
    void lateUsageTwiceAndThenAVoidEndAtOneCleanRating() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "99");
        BigDecimal billed = rater.close("acme", "acme-main", APRIL).total();
        assertThat(billed).isEqualTo("99.00");

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        billed = billed.add(rater.close("acme", "acme-main", MAY).total());
        assertThat(billed).isEqualTo("100.50");

        rater.use("acme", "units", "2026-04-21T00:00:00Z", "2");
        billed = billed.add(rater.close("acme", "acme-main", JUNE).total());
        assertThat(billed).isEqualTo("101.50");

        rater.use("acme", "units", "2026-04-22T00:00:00Z", "-99");
        Period july = RaterTopologyTest.period("2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z");
        assertThat(rater.total("acme-main", july)).isEqualTo("-97.50");
        billed = billed.add(rater.close("acme", "acme-main", july).total());
        assertThat(billed)
                .isEqualTo("4.00")
                .isEqualTo(rater.clean("acme-main", APRIL).total());
    }

    @Test
    void whatIsBookedOnceIsNotBookedAgain() {
        rater = tiered("");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("2.00");

        rater.use("acme", "units", "2026-06-20T00:00:00Z", "1");

        assertThat(rater.close("acme", "acme-main", JUNE).total()).isEqualTo("1.00");
    }

    @Test
    void openChargesShowWhatAClosingWouldBook() {
        rater = tiered("");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        List<LineItem> open = rater.lines("acme-main", MAY);

        assertThat(open).isNotEmpty();
        assertThat(rater.close("acme", "acme-main", MAY).items()).isEqualTo(open);
    }

    @Test
    void ofTwoOpenPeriodsTheFirstOneTakesTheCorrection() {
        rater = tiered("");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-06-20T00:00:00Z", "1");

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        assertThat(adjustments(MAY)).hasSize(1);
        assertThat(adjustments(JUNE)).isEmpty();
        rater.close("acme", "acme-main", MAY);
        assertThat(adjustments(JUNE)).isEmpty();
    }

    @Test
    void aClosedPeriodIsRatedAgainAsItWasRatedThen() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "10");
        rater.close("acme", "acme-main", APRIL);
        rater.apply("""
                pricing:
                  - version: v2
                    effectiveFrom: "2026-04-01T00:00:00Z"
                    currency: USD
                    plans: [{plan: tiered, charges: [{charge: compute, model: unit, meter: units, unitPrice: "70"}]}]
                """);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        assertThat(adjustments(MAY)).extracting(LineItem::amount).containsExactly(new BigDecimal("2.00"));
        assertThat(adjustments(MAY)).extracting(LineItem::pricingVersion).containsExactly("v1");
    }

    @Test
    void aSubscriptionThatHasChangedSinceIsRatedAgainAsItStoodThen() {
        rater = TestingRater.with(METERS, """
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: growth
                        charges:
                          - {charge: base, model: flat, amount: "31.00", timing: in_advance, prorate: true}
                          - {charge: compute, model: unit, meter: units, unitPrice: "1"}
                """, subscription("acme", "acme-main", "growth"));
        assertThat(rater.close("acme", "acme-main", APRIL).total()).isEqualTo("62.00");
        rater.apply(subscription("acme", "acme-main", "growth") + "    end: \"2026-05-02T00:00:00Z\"\n");

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "20");

        assertThat(adjustments(MAY)).extracting(LineItem::charge).containsExactly("compute");
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("20.00");
    }

    @Test
    void aDifferenceThatRoundsToNothingIsInTheNextOne() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "0.08"); // 0.004
        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("500.00");

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "0.08"); // 0.008
        assertThat(rater.close("acme", "acme-main", JUNE).total()).isEqualTo("500.01");
    }

    @Test
    void reportOnlyBooksNothing() {
        rater = tiered("    lateUsage: report_only\n");
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        assertThat(rater.readAlerts())
                .extracting(Alert::message)
                .allMatch(text -> text.endsWith("it is in the totals and not on the invoice"));
        assertThat(rater.charges().late("acme")).hasSize(1);
        assertThat(rater.close("acme", "acme-main", MAY).lines()).isEmpty();
    }

    @Test
    void aLineForACreditNoteStandsAmongTheChargesToo() {
        rater = tiered("    lateUsage: credit_note\n");
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "10");
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "-2");

        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("-2.00");
    }

    @Test
    void aLateLevelMovesEveryClosedPeriodThatItHoldsOnInto() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "disk"));
        rater.use("acme", "storage", "2026-04-01T00:00:00Z", "10");
        BigDecimal billed = rater.close("acme", "acme-main", APRIL).total();
        billed = billed.add(rater.close("acme", "acme-main", MAY).total());
        assertThat(billed).isEqualTo("20.00");

        rater.use("acme", "storage", "2026-04-16T00:00:00Z", "4");

        assertThat(adjustments(JUNE))
                .extracting(line -> line.adjusts().period() + " " + line.amount())
                .containsExactly(APRIL + " -3.00", MAY + " -6.00");
        billed = billed.add(rater.close("acme", "acme-main", JUNE).total());
        assertThat(billed).isEqualTo("15.00"); // 7 and 4 and 4
    }

    @Test
    void aLateLevelFromBeforeTheSubscriptionMovesItsPeriodsToo() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "disk"));
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "storage", "2026-03-16T00:00:00Z", "4");

        assertThat(adjustments(MAY)).extracting(LineItem::amount).containsExactly(new BigDecimal("4.00"));
    }

    @Test
    void usageOfAnHourThatTheSubscriptionDoesNotCoverIsNotLate() {
        rater = TestingRater.with(METERS, PRICES, """
                subscriptions:
                  - {tenant: acme, subscription: acme-main, plan: tiered, start: "2026-04-15T00:00:00Z",
                     period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
                """);
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-14T23:59:59Z", "2");
        assertThat(rater.readAlerts()).isEmpty();

        rater.use("acme", "units", "2026-04-15T00:00:00Z", "2");
        assertThat(adjustments(MAY)).hasSize(1);
    }

    @Test
    void aTrueUpIsCorrectedLikeEveryLine() {
        rater = TestingRater.with(METERS, """
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: growth
                        commitment: {amount: "100.00"}
                        charges: [{charge: compute, model: unit, meter: units, unitPrice: "1"}]
                """, subscription("acme", "acme-main", "growth"));
        rater.use("acme", "units", "2026-04-10T00:00:00Z", "90");
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "5");
        assertThat(TestingRater.total(adjustments(MAY))).isEqualTo("0.00");

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "8");
        assertThat(TestingRater.total(adjustments(MAY))).isEqualTo("3.00");
    }

    @Test
    void eachSubscriptionCorrectsItsOwnInvoices() {
        rater = TestingRater.with(
                METERS, PRICES, subscription("acme", "acme-main", "tiered"), more("acme", "acme-side", "growth"));
        rater.close("acme", "acme-main", APRIL);

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "20");

        assertThat(rater.total("acme-main", MAY)).isEqualTo("20.00");
        assertThat(rater.total("acme-side", APRIL)).isEqualTo("501.00");
        assertThat(rater.lines("acme-side", MAY)).isEmpty();
    }

    @Test
    void correctionsAreTakenForFourHundredDaysBehindTheClose() {
        rater = tiered("");
        rater.at("2026-05-01T01:00:00Z").close("acme", "acme-main", APRIL);
        rater.at("2027-06-05T01:00:00Z"); // 400 days later, to the second
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");

        assertThat(rater.close("acme", "acme-main", MAY).total()).isEqualTo("2.00");
    }

    @Test
    void afterTheCorrectionHorizonLateUsageIsAnsweredAndNotBooked() {
        rater = tiered("");
        rater.at("2026-05-01T01:00:00Z").close("acme", "acme-main", APRIL);
        rater.at("2027-06-05T01:00:01Z");
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        assertThat(rater.close("acme", "acme-main", MAY).lines()).isEmpty();
        rater.readAlerts();

        rater.use("acme", "units", "2026-04-20T00:00:00Z", "3");

        assertThat(adjustments(JUNE)).isEmpty();
        assertThat(rater.readAlerts()).extracting(Alert::message).allMatch(text -> text.endsWith("is not booked"));
        try (var booked = rater.table(RaterTopology.BOOKED).all()) {
            assertThat(booked).toIterable().isEmpty();
        }
    }

    @Test
    void aTotalThatSaysNothingNewIsNotReported() {
        rater = tiered("");
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        rater.close("acme", "acme-main", APRIL);

        rater.send(rater.sent.get(rater.sent.size() - 2).record());

        assertThat(rater.readAlerts()).isEmpty();
    }

    @Test
    void onceBookedItIsNoLongerListedAsLate() {
        rater = tiered("");
        rater.close("acme", "acme-main", APRIL);
        rater.use("acme", "units", "2026-04-20T00:00:00Z", "2");
        assertThat(rater.charges().late("acme")).hasSize(1);

        rater.close("acme", "acme-main", MAY);

        assertThat(rater.charges().late("acme")).isEmpty();
    }

    private static TestingRater tiered(String more) {
        return TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "tiered") + more);
    }

    private List<LineItem> adjustments(Period period) {
        return rater.lines("acme-main", period).stream()
                .filter(line -> line.kind() == LineItem.Kind.ADJUSTMENT)
                .toList();
    }
}

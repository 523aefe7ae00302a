package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.MAY;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.fee;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.subscription;
import static io.tallystick.rater.pricing.Given.unit;
import static io.tallystick.rater.pricing.Given.usage;
import static io.tallystick.rater.pricing.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Transition;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionCreditsTest {

    private static final String LONG_AGO = "2025-01-01T00:00:00Z";
    private static final Subscription ACME = subscription(LONG_AGO, null);
    private static final Meter UNITS = meter("units", Aggregation.SUM);

    private static Catalog change(String effectiveFrom, Transition transition, String before, String after) {
        return change(
                effectiveFrom, transition, usage("units", "units", unit(before)), usage("units", "units", unit(after)));
    }

    private static Catalog change(String effectiveFrom, Transition transition, Charge before, Charge after) {
        PricingVersion newer = version("v2", effectiveFrom, after);
        Plan plan = newer.plans().get(0);
        Plan eased = new Plan(plan.plan(), "", null, plan.charges(), transition);
        return catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, before),
                new PricingVersion("v2", "", newer.effectiveFrom(), "USD", List.of(eased)));
    }

    private static Transition cap(String percent, int days) {
        return new Transition(new Transition.Cap("v1", number(percent), days), null);
    }

    private static Transition credit(String amount, int days) {
        return new Transition(null, new Transition.Relief(number(amount), days));
    }

    private static List<String> rate(Catalog catalog, Subscription subscription, Period period, String units) {
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", period.start().plusSeconds(3600).toString(), units);
        return lines(PeriodRating.rate(catalog, subscription, period, usage));
    }

    private static List<String> lines(RatedPeriod rated) {
        return rated.lines().stream()
                .map(line -> line.kind().text() + " " + line.charge() + " " + line.pricingVersion() + " "
                        + line.amount().toPlainString())
                .toList();
    }

    @Test
    void aCapTakesOffWhatIsMoreThanThePercentageAboveTheOlderVersion() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 90), "1", "2");

        assertThat(rate(catalog, ACME, APRIL, "100"))
                .containsExactly("usage units v2 200.00", "credit rate_cap v2 -80.00");
    }

    @Test
    void aCapThatIsReachedTakesNothingOffAndOneThatIsPassedByACentTakesThatOff() {
        Transition cap = cap("20", 90);

        assertThat(rate(change("2026-04-01T00:00:00Z", cap, "1", "1.2"), ACME, APRIL, "100"))
                .containsExactly("usage units v2 120.00");
        assertThat(rate(change("2026-04-01T00:00:00Z", cap, "1", "1.2001"), ACME, APRIL, "100"))
                .containsExactly("usage units v2 120.01", "credit rate_cap v2 -0.01");
        assertThat(rate(change("2026-04-01T00:00:00Z", cap, "1", "0.5"), ACME, APRIL, "100"))
                .containsExactly("usage units v2 50.00");
    }

    @Test
    void ofAPeriodThatOutlastsTheDaysTheExcessIsSharedOutByDuration() {
        // The days end with 15 May: half a day short of half of May, 15 of 31 days.
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 45), "1", "2");
        RatedPeriod may = PeriodRating.rate(
                catalog, ACME, MAY, new TestingUsage(catalog).with("units", "2026-05-30T00:00:00Z", "100"));

        assertThat(lines(may)).containsExactly("usage units v2 200.00", "credit rate_cap v2 -38.71");
        LineItem credit = may.lines().get(1);
        assertThat(credit.period()).isEqualTo(Given.period("2026-05-01T00:00:00Z", "2026-05-16T00:00:00Z"));
        assertThat(credit.exact().shown()).isEqualTo("-38.709677419355");
        assertThat(credit.description()).isEqualTo("Rate cap: at most 20 % above v1 until 2026-05-16T00:00:00Z");
    }

    @Test
    void thePeriodBehindTheDaysIsNotCapped() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 30), "1", "2");

        assertThat(rate(catalog, ACME, MAY, "100")).containsExactly("usage units v2 200.00");
    }

    @Test
    void aVersionThatTakesEffectInsideThePeriodIsCappedForItsStretch() {
        Catalog catalog = change("2026-04-16T00:00:00Z", cap("20", 90), "1", "2");
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-15T23:00:00Z", "100")
                .with("units", "2026-04-16T00:00:00Z", "100");

        // 300 now and 200 before; half of the period may cost 20 % more: 220.
        assertThat(lines(PeriodRating.rate(catalog, ACME, APRIL, usage)))
                .containsExactly("usage units v1 100.00", "usage units v2 200.00", "credit rate_cap v2 -80.00");
    }

    @Test
    void whoStartsUnderTheVersionOrIsPinnedToItHasNoTransition() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 90), "1", "2");
        Subscription startsWithIt = subscription("2026-04-01T00:00:00Z", null);
        Subscription startsJustBefore = subscription("2026-03-31T23:00:00Z", null);

        assertThat(rate(catalog, startsWithIt, APRIL, "100")).containsExactly("usage units v2 200.00");
        assertThat(rate(catalog, startsJustBefore, APRIL, "100")).hasSize(2);
        assertThat(rate(catalog, ShadowRating.pinned(ACME, "v2"), APRIL, "100"))
                .containsExactly("usage units v2 200.00");
    }

    @Test
    void aCreditIsForAWholePeriodAndSharedOutByDuration() {
        Catalog catalog = change("2026-04-01T00:00:00Z", credit("31.00", 40), "1", "2");

        assertThat(rate(catalog, ACME, APRIL, "100"))
                .containsExactly("usage units v2 200.00", "credit transition_credit v2 -31.00");
        assertThat(rate(catalog, ACME, MAY, "100"))
                .containsExactly("usage units v2 200.00", "credit transition_credit v2 -10.00");
    }

    @Test
    void aCapComesBeforeACreditAndTogetherTheyTakeNoMoreThanThereIs() {
        Transition both =
                new Transition(new Transition.Cap("v1", number("20"), 90), new Transition.Relief(number("500"), 90));
        Catalog catalog = change("2026-04-01T00:00:00Z", both, "1", "2");

        assertThat(rate(catalog, ACME, APRIL, "100"))
                .containsExactly(
                        "usage units v2 200.00", "credit rate_cap v2 -80.00", "credit transition_credit v2 -120.00");
        assertThat(rate(catalog, ACME, APRIL, "0")).isEmpty();
        assertThat(rate(catalog, ACME, APRIL, "-10")).containsExactly("usage units v2 -20.00");
    }

    @Test
    void theFeeInAdvanceIsCappedWithItsPeriodAndTheInvoiceDoesNotGoBelowZero() {
        Catalog catalog = change(
                "2026-04-01T00:00:00Z",
                cap("20", 90),
                fee("base", "100", Timing.IN_ADVANCE, false),
                fee("base", "1000", Timing.IN_ADVANCE, false));

        assertThat(rate(catalog, ACME, APRIL, "0"))
                .containsExactly("fee base v2 1000.00", "credit rate_cap v2 -880.00");
        Subscription last = subscription(LONG_AGO, "2026-05-01T00:00:00Z");
        assertThat(rate(catalog, last, APRIL, "0")).isEmpty();
    }

    @Test
    void theCommitmentIsMadeUpAsIfNothingWereTakenOff() {
        Plan plan =
                new Plan("growth", "", number("250"), List.of(usage("units", "units", unit("2"))), credit("40", 90));
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", unit("1"))),
                new PricingVersion("v2", "", Instant.parse("2026-04-01T00:00:00Z"), "USD", List.of(plan)));

        assertThat(rate(catalog, ACME, APRIL, "100"))
                .containsExactly(
                        "usage units v2 200.00", "true_up commitment v2 50.00", "credit transition_credit v2 -40.00");
    }

    @Test
    void aProjectionIsCappedByWhatTheOlderVersionWouldCostByThen() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 90), "1", "2");
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "100");

        RatedPeriod projected =
                PeriodRating.projected(catalog, ACME, APRIL, usage, Instant.parse("2026-04-16T00:00:00Z"));

        assertThat(projected.total()).isEqualTo(number("240.00"));
    }

    @Test
    void aShadowIsWhatTheVersionItselfAsksAndTheDifferenceIsToWhatIsCharged() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 90), "1", "2");
        Subscription watched = new Subscription(
                ACME.tenant(),
                ACME.subscription(),
                ACME.plan(),
                ACME.start(),
                null,
                ACME.period(),
                null,
                List.of("v1", "v2"),
                ACME.lateUsage(),
                null,
                null);
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "100");
        RatedPeriod charged = PeriodRating.rate(catalog, watched, APRIL, usage);

        List<Shadow> shadows = ShadowRating.rate(catalog, watched, APRIL, usage, charged);

        assertThat(shadows).extracting(Shadow::total).containsExactly(number("100.00"), number("200.00"));
        assertThat(shadows).extracting(Shadow::difference).containsExactly(number("-20.00"), number("80.00"));
    }

    @Test
    void limitsLookAtUsageBeforeAnythingIsTakenOff() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 90), "1", "2");
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "100");

        assertThat(Spending.of(PeriodRating.rate(catalog, ACME, APRIL, usage))).isEqualTo(number("200.00"));
    }

    @Test
    void lateUsageMovesTheCapToo() {
        Catalog catalog = change("2026-04-01T00:00:00Z", cap("20", 90), "1", "2");
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "100");
        RatedPeriod billed = PeriodRating.rate(catalog, ACME, APRIL, usage);
        RatedPeriod now = PeriodRating.rate(catalog, ACME, APRIL, usage.with("units", "2026-04-02T00:00:00Z", "10"));

        List<LineItem> corrections = LateAdjustments.between(APRIL, billed.lines(), now.lines());

        assertThat(corrections).extracting(LineItem::amount).containsExactly(number("-8.00"), number("20.00"));
    }
}

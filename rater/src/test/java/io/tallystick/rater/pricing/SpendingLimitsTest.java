package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.fee;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.period;
import static io.tallystick.rater.pricing.Given.subscription;
import static io.tallystick.rater.pricing.Given.tiers;
import static io.tallystick.rater.pricing.Given.usage;
import static io.tallystick.rater.pricing.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.rater.pricing.SpendingLimits.Access;
import io.tallystick.rater.pricing.SpendingLimits.Reached;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.Limits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpendingLimitsTest {

    private static final String LONG_AGO = "2025-01-01T00:00:00Z";
    private static final Subscription ACME = subscription(LONG_AGO, null);
    private static final Catalog CATALOG = catalog(
            List.of(meter("units", Aggregation.SUM), meter("storage", Aggregation.TIME_WEIGHTED)),
            version(
                    "v1",
                    LONG_AGO,
                    "500",
                    fee("base", "100", Timing.IN_ADVANCE, false),
                    usage("units", "units", new PriceModel.Graduated(tiers("10", "1", "0", "", "2", "0"))),
                    usage("storage", "storage", Given.unit("30"))));

    @Test
    void onlyUsageIsSpent() {
        TestingUsage usage = new TestingUsage(CATALOG).with("units", "2026-04-02T00:00:00Z", "15");

        assertThat(new Spending(CATALOG, ACME, usage).in(APRIL)).isEqualTo(number("20.00"));
    }

    @Test
    void aDayHasSpentWhatItAddedToThePeriod() {
        TestingUsage usage = new TestingUsage(CATALOG)
                .with("units", "2026-04-02T23:59:59Z", "8")
                .with("units", "2026-04-03T00:00:00Z", "3")
                .with("units", "2026-04-04T00:00:00Z", "1");
        Spending spending = new Spending(CATALOG, ACME, usage);

        assertThat(spending.on(day("2026-04-02T12:00:00Z"))).isEqualTo(number("8.00"));
        assertThat(spending.on(day("2026-04-03T12:00:00Z"))).isEqualTo(number("4.00"));
        assertThat(spending.on(day("2026-04-04T12:00:00Z"))).isEqualTo(number("2.00"));
        assertThat(spending.on(day("2026-04-05T12:00:00Z"))).isEqualTo(number("0.00"));
    }

    @Test
    void aLevelSpendsDayByDay() {
        TestingUsage usage = new TestingUsage(CATALOG).with("storage", "2026-04-01T00:00:00Z", "1");
        Spending spending = new Spending(CATALOG, ACME, usage);

        assertThat(spending.on(day("2026-04-01T12:00:00Z"))).isEqualTo(number("1.00"));
        assertThat(spending.on(day("2026-04-30T12:00:00Z"))).isEqualTo(number("1.00"));
        assertThat(spending.in(APRIL)).isEqualTo(number("30.00"));
    }

    @Test
    void aDayThatTwoPeriodsShareIsSpentInBoth() {
        Subscription cut = new Subscription(
                ACME.tenant(),
                ACME.subscription(),
                ACME.plan(),
                ACME.start(),
                null,
                new Subscription.BillingCycle(
                        Subscription.Every.P1M, Instant.parse("2026-01-03T12:00:00Z"), ZoneId.of("UTC")),
                null,
                List.of(),
                Subscription.LateUsage.NEXT_INVOICE,
                null,
                null);
        TestingUsage usage = new TestingUsage(CATALOG)
                .with("units", "2026-04-03T11:00:00Z", "3")
                .with("units", "2026-04-03T13:00:00Z", "4");

        assertThat(new Spending(CATALOG, cut, usage).on(day("2026-04-03T12:00:00Z")))
                .isEqualTo(number("7.00"));
    }

    @Test
    void daysAreTheSubscriptionsOwn() {
        Subscription berlin = new Subscription(
                ACME.tenant(),
                ACME.subscription(),
                ACME.plan(),
                ACME.start(),
                null,
                new Subscription.BillingCycle(
                        Subscription.Every.P1M, Instant.parse("2026-01-01T00:00:00Z"), ZoneId.of("Europe/Berlin")),
                null,
                List.of(),
                Subscription.LateUsage.NEXT_INVOICE,
                null,
                null);

        assertThat(Spending.dayOf(berlin, Instant.parse("2026-03-28T23:00:00Z")))
                .isEqualTo(period("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
    }

    @Test
    void aLimitThatIsReachedBlocks() {
        Limits limits = limits("100", null, true);

        assertThat(access(limits, "99.99", "0", "0")).isEqualTo(allowed("99.99", "100", "0.01"));
        assertThat(access(limits, "100.00", "0", "0")).isEqualTo(refused("100.00", "100", "0.00"));
        assertThat(access(limits, "120.00", "0", "0")).isEqualTo(refused("120.00", "100", "0.00"));
    }

    @Test
    void anAmountNotYetSpentMayReachTheLimitButNotPassIt() {
        Limits limits = limits("100", null, true);

        assertThat(access(limits, "90", "0", "10").allowed()).isTrue();
        assertThat(access(limits, "90", "0", "10.01").allowed()).isFalse();
        assertThat(access(limits, "90", "0", "10.01").fallback()).isEqualTo("small-model");
    }

    @Test
    void theLimitThatLeavesLeastDecides() {
        Limits limits = limits("100", "20", true);

        assertThat(access(limits, "50", "15", "0")).isEqualTo(allowed("15", "20", "5"));
        assertThat(access(limits, "98", "15", "0")).isEqualTo(allowed("98", "100", "2"));
        assertThat(access(limits, "50", "20", "0")).isEqualTo(refused("20", "20", "0"));
    }

    @Test
    void aLimitThatOnlyAlertsRefusesNothing() {
        assertThat(access(limits("100", null, false), "120", "0", "5").allowed())
                .isTrue();
        assertThat(access(limits(null, null, true), "120", "0", "5"))
                .isEqualTo(new Access(true, number("120"), null, null, null));
    }

    @Test
    void everyShareThatIsReachedIsNamed() {
        Limits limits = limits("100", "10", true);

        assertThat(reached(limits, "79.99", "7.99")).isEmpty();
        assertThat(reached(limits, "80.00", "8")).containsExactly("period/0.8", "day/0.8");
        assertThat(reached(limits, "100.00", "9")).containsExactly("period/0.8", "period/1", "day/0.8");
    }

    private static Period day(String instant) {
        return Spending.dayOf(ACME, Instant.parse(instant));
    }

    private static Limits limits(String period, String day, boolean block) {
        return new Limits(
                period == null ? null : number(period),
                day == null ? null : number(day),
                List.of(number("1"), number("0.80")),
                block,
                "small-model");
    }

    private static Access access(Limits limits, String inPeriod, String onDay, String amount) {
        return new SpendingLimits(limits, number(inPeriod), number(onDay)).access(number(amount));
    }

    private static List<String> reached(Limits limits, String inPeriod, String onDay) {
        return new SpendingLimits(limits, number(inPeriod), number(onDay))
                .reached().stream().map(Reached::name).toList();
    }

    private static Access allowed(String spent, String limit, String remaining) {
        return new Access(true, number(spent), number(limit), number(remaining), null);
    }

    private static Access refused(String spent, String limit, String remaining) {
        return new Access(false, number(spent), number(limit), new BigDecimal(remaining), "small-model");
    }
}

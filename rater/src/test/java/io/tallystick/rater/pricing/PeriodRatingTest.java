package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.MAY;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.dimensions;
import static io.tallystick.rater.pricing.Given.fee;
import static io.tallystick.rater.pricing.Given.included;
import static io.tallystick.rater.pricing.Given.matrix;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.price;
import static io.tallystick.rater.pricing.Given.row;
import static io.tallystick.rater.pricing.Given.subscription;
import static io.tallystick.rater.pricing.Given.tiers;
import static io.tallystick.rater.pricing.Given.unit;
import static io.tallystick.rater.pricing.Given.usage;
import static io.tallystick.rater.pricing.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeriodRatingTest {

    private static final String LONG_AGO = "2025-01-01T00:00:00Z";
    private static final Subscription ACME = subscription(LONG_AGO, null);
    private static final Meter UNITS = meter("units", Aggregation.SUM, "model", "kind", "region");

    @Test
    void aHybridPlanAddsUpFeeAndUsage() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version(
                        "v1",
                        LONG_AGO,
                        fee("base", "500.00", Timing.IN_ARREARS, false),
                        usage("units", "units", unit("0.05"))));

        for (String[] expected : new String[][] {{"82.1", "504.11"}, {"48.5", "502.43"}, {"20.4", "501.02"}}) {
            TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-30T23:59:59.999Z", expected[0]);

            assertThat(rate(catalog, ACME, usage).total()).isEqualTo(number(expected[1]));
        }
    }

    @Test
    void usageAtThePeriodsStartCountsAndAtItsEndDoesNot() {
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, usage("units", "units", unit("1"))));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-03-31T23:59:59.999Z", "1")
                .with("units", "2026-04-01T00:00:00Z", "10")
                .with("units", "2026-05-01T00:00:00Z", "100");

        assertThat(lines(rate(catalog, ACME, usage))).containsExactly("usage units v1 10.00");
    }

    @Test
    void aPriceChangeInsideThePeriodGivesEachSideItsOwnLineAndVersion() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", unit("1.50"))),
                version("v2", "2026-05-08T00:00:00Z", usage("units", "units", unit("2.50"))));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-05-07T23:59:59Z", "100")
                .with("units", "2026-05-08T00:00:00Z", "100");

        RatedPeriod rated = PeriodRating.rate(catalog, ACME, MAY, usage);

        assertThat(lines(rated)).containsExactly("usage units v1 150.00", "usage units v2 250.00");
        assertThat(rated.lines())
                .extracting(LineItem::period)
                .containsExactly(
                        Given.period("2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z"),
                        Given.period("2026-05-08T00:00:00Z", "2026-06-01T00:00:00Z"));
    }

    @Test
    void tiersStartAgainBehindAPriceChange() {
        PriceModel before = new PriceModel.Graduated(tiers("100", "1", "0", "", "0.5", "0"));
        PriceModel after = new PriceModel.Graduated(tiers("100", "2", "0", "", "0.5", "0"));
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", before)),
                version("v2", "2026-04-16T00:00:00Z", usage("units", "units", after)));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", "150")
                .with("units", "2026-04-20T00:00:00Z", "150");

        assertThat(lines(rate(catalog, ACME, usage))).containsExactly("usage units v1 125.00", "usage units v2 225.00");
    }

    @Test
    void aChargeThatStaysTheSameIsNotSplitHoweverItIsWritten() {
        Charge one = usage("units", "units", included(unit("1.50"), "100"));
        Charge same = usage("units", "units", included(unit("1.5"), "100.0"));
        Catalog catalog =
                catalog(List.of(UNITS), version("v1", LONG_AGO, one), version("v2", "2026-04-16T00:00:00Z", same));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", "150")
                .with("units", "2026-04-20T00:00:00Z", "150");

        RatedPeriod rated = rate(catalog, ACME, usage);

        assertThat(lines(rated)).containsExactly("usage units v1 300.00");
        assertThat(rated.lines().get(0).period()).isEqualTo(APRIL);
    }

    @Test
    void aVersionAtThePeriodsEdgeSplitsNothing() {
        PricingVersion v1 = version("v1", LONG_AGO, usage("units", "units", unit("1")));
        PricingVersion v2 = version("v2", "2026-04-01T00:00:00Z", usage("units", "units", unit("2")));
        PricingVersion v3 = version("v3", "2026-05-01T00:00:00Z", usage("units", "units", unit("3")));
        Catalog catalog = catalog(List.of(UNITS), v1, v2, v3);
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "7");

        assertThat(lines(rate(catalog, ACME, usage))).containsExactly("usage units v2 14.00");
    }

    @Test
    void whatIsIncludedAndTheBoundsAreSharedOutByDuration() {
        Price before =
                price(unit("1")).included("100").maximum("60").minimum("30").build();
        Price after = price(unit("2")).included("10").minimum("30").build();
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", before)),
                version("v2", "2026-04-21T00:00:00Z", usage("units", "units", after)));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", "150")
                .with("units", "2026-04-25T00:00:00Z", "5");

        RatedPeriod rated = rate(catalog, ACME, usage);

        // 20 of 30 days: 66.67 included, at most 40.00; then 10 days: 3.33 included, at least 10.00
        assertThat(lines(rated))
                .containsExactly("usage units v1 40.00", "usage units v2 3.33", "true_up units v2 6.67");
        assertThat(rated.lines().get(0).included()).isEqualTo(number("66.666666666667"));
    }

    @Test
    void aSubscriptionThatStartsAndEndsInsideThePeriodIsRatedForItsPart() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version(
                        "v1",
                        LONG_AGO,
                        fee("shared", "30.00", Timing.IN_ARREARS, true),
                        fee("whole", "30.00", Timing.IN_ARREARS, false),
                        usage("units", "units", included(unit("1"), "30"))));
        Subscription short10 = subscription("2026-04-11T00:00:00Z", "2026-04-21T00:00:00Z");
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-10T23:59:59Z", "1000")
                .with("units", "2026-04-11T00:00:00Z", "15")
                .with("units", "2026-04-21T00:00:00Z", "1000");

        RatedPeriod rated = rate(catalog, short10, usage);

        assertThat(lines(rated)).containsExactly("fee shared v1 10.00", "fee whole v1 30.00", "usage units v1 5.00");
        assertThat(rated.lines())
                .extracting(LineItem::period)
                .containsOnly(Given.period("2026-04-11T00:00:00Z", "2026-04-21T00:00:00Z"));
    }

    @Test
    void aFeeThatIsNotSharedOutIsDueOnceByTheVersionAtTheStart() {
        Catalog catalog = catalog(
                List.of(),
                version("v1", LONG_AGO, fee("base", "100.00", Timing.IN_ARREARS, false)),
                version(
                        "v2",
                        "2026-04-16T00:00:00Z",
                        fee("base", "200.00", Timing.IN_ARREARS, false),
                        fee("new", "5.00", Timing.IN_ARREARS, false)));

        assertThat(lines(rate(catalog, ACME, new TestingUsage(catalog)))).containsExactly("fee base v1 100.00");
    }

    @Test
    void aFeeThatIsSharedOutIsDueUnderBothVersions() {
        Catalog catalog = catalog(
                List.of(),
                version("v1", LONG_AGO, fee("base", "100.00", Timing.IN_ARREARS, true)),
                version("v2", "2026-04-11T00:00:00Z", fee("base", "200.00", Timing.IN_ARREARS, true)));

        assertThat(lines(rate(catalog, ACME, new TestingUsage(catalog))))
                .containsExactly("fee base v1 33.33", "fee base v2 133.33");
    }

    @Test
    void aFeeThatStopsBeingSharedOutIsDueForItsFirstStretchAlone() {
        Catalog catalog = catalog(
                List.of(),
                version("v1", LONG_AGO, fee("base", "100.00", Timing.IN_ARREARS, true)),
                version("v2", "2026-04-11T00:00:00Z", fee("base", "200.00", Timing.IN_ARREARS, false)));

        assertThat(lines(rate(catalog, ACME, new TestingUsage(catalog)))).containsExactly("fee base v1 33.33");
        assertThat(lines(PeriodRating.rate(catalog, ACME, MAY, new TestingUsage(catalog))))
                .containsExactly("fee base v2 200.00");
    }

    @Test
    void aFeeThatBeginsToBeSharedOutIsDueOnceForThePeriod() {
        Catalog catalog = catalog(
                List.of(),
                version("v1", LONG_AGO, fee("base", "100.00", Timing.IN_ARREARS, false)),
                version("v2", "2026-04-11T00:00:00Z", fee("base", "200.00", Timing.IN_ARREARS, true)));

        assertThat(lines(rate(catalog, ACME, new TestingUsage(catalog)))).containsExactly("fee base v1 100.00");
    }

    @Test
    void theCommitmentCountsTheFeeInAdvanceAsItIsRatedAtTheCloseAndNotAsItWasInvoiced() {
        // March's invoice asked 100.00 for April; v2 was published behind it and dated back.
        Catalog catalog = catalog(
                List.of(),
                version("v1", LONG_AGO, "400", fee("base", "100.00", Timing.IN_ADVANCE, false)),
                version("v2", "2026-04-01T00:00:00Z", "400", fee("base", "150.00", Timing.IN_ADVANCE, false)));

        assertThat(lines(rate(catalog, ACME, new TestingUsage(catalog))))
                .containsExactly("fee base v2 150.00", "true_up commitment v2 250.00");
    }

    @Test
    void aFeeInAdvanceIsOnTheInvoiceOfThePeriodBeforeUnderItsOwnVersion() {
        Catalog catalog = catalog(
                List.of(),
                version("v1", LONG_AGO, fee("base", "100.00", Timing.IN_ADVANCE, false)),
                version("v2", "2026-05-01T00:00:00Z", fee("base", "200.00", Timing.IN_ADVANCE, false)));

        RatedPeriod rated = rate(catalog, ACME, new TestingUsage(catalog));

        assertThat(lines(rated)).containsExactly("fee base v2 200.00");
        assertThat(rated.lines().get(0).period()).isEqualTo(MAY);
    }

    @Test
    void theFirstInvoiceHasTheFeesInAdvanceOfTwoPeriods() {
        Catalog catalog = catalog(List.of(), version("v1", LONG_AGO, fee("base", "300.00", Timing.IN_ADVANCE, true)));
        Subscription starting = subscription("2026-04-21T00:00:00Z", null);

        RatedPeriod rated = rate(catalog, starting, new TestingUsage(catalog));

        assertThat(lines(rated)).containsExactly("fee base v1 100.00", "fee base v1 300.00");
        assertThat(rated.lines()).extracting(LineItem::line).doesNotHaveDuplicates();
    }

    @Test
    void thereIsNoFeeForAPeriodThatTheSubscriptionDoesNotReach() {
        Catalog catalog = catalog(List.of(), version("v1", LONG_AGO, fee("base", "310.00", Timing.IN_ADVANCE, true)));
        TestingUsage none = new TestingUsage(catalog);

        assertThat(lines(rate(catalog, subscription(LONG_AGO, "2026-05-01T00:00:00Z"), none)))
                .isEmpty();
        assertThat(lines(rate(catalog, subscription(LONG_AGO, "2026-05-02T00:00:00Z"), none)))
                .containsExactly("fee base v1 10.00");
    }

    @Test
    void usageGoesToTheRowWithTheMostKeysThenToTheFirst() {
        Charge tokens = matrix(
                "tokens",
                "units",
                Price.of(unit("9")),
                List.of(),
                row("1"),
                row("2", "model", "a|b"),
                row("3", "model", "a"),
                row("5", "model", "a", "kind", "in"));
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, tokens));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", dimensions("model", "a", "kind", "in"), "1")
                .with("units", "2026-04-02T00:00:00Z", dimensions("model", "a", "kind", "out"), "1")
                .with("units", "2026-04-02T00:00:00Z", dimensions("model", "b", "kind", "in"), "1")
                .with("units", "2026-04-02T00:00:00Z", dimensions("model", "c", "kind", "in"), "1");

        RatedPeriod rated = rate(catalog, ACME, usage);

        assertThat(rated.lines())
                .extracting(line -> line.description() + " " + line.dimensions().values() + " " + line.amount())
                .containsExactlyInAnyOrder(
                        "tokens (other) {} 1.00",
                        "tokens (model a or b) {} 4.00",
                        "tokens (kind in, model a) {kind=in, model=a} 5.00");
    }

    @Test
    void usageThatNoRowTakesShowsWithoutAnAmount() {
        Charge tokens = matrix("tokens", "units", Price.of(unit("9")), List.of(), row("2", "model", "a"));
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, tokens));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", dimensions("model", "new", "kind", "in"), "3")
                .with("units", "2026-04-02T00:00:00Z", dimensions("model", "new", "kind", "out"), "4");

        RatedPeriod rated = rate(catalog, ACME, usage);

        assertThat(lines(rated)).containsExactly("unrated tokens v1 0.00");
        assertThat(rated.lines().get(0).quantity()).isEqualTo(number("7"));
        assertThat(rated.lines().get(0).dimensions()).isEqualTo(dimensions("model", "new"));
    }

    @Test
    void eachGroupHasItsOwnTiersAndMinimumAndGroupsWithoutUsageHaveNone() {
        Price price = price(new PriceModel.Graduated(tiers("10", "1", "0", "", "0.1", "0")))
                .minimum("8")
                .build();
        Charge units = matrix("units", "units", price, List.of("region"));
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, units));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", dimensions("region", "eu", "model", "a"), "10")
                .with("units", "2026-04-02T00:00:00Z", dimensions("region", "eu", "model", "b"), "10")
                .with("units", "2026-04-02T00:00:00Z", dimensions("region", "us", "model", "b"), "5");

        assertThat(rate(catalog, ACME, usage).lines())
                .extracting(line -> line.kind().text() + " " + line.dimensions().values() + " " + line.amount())
                .containsExactly("usage {region=eu} 11.00", "usage {region=us} 5.00", "true_up {region=us} 3.00");
        assertThat(rate(catalog, ACME, new TestingUsage(catalog)).lines()).isEmpty();
    }

    @Test
    void aChargeWithoutMatrixAndGroupsOwesItsMinimumAlsoWithoutUsage() {
        Charge units = usage("units", "units", price(unit("1")).minimum("8").build());
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, units));

        assertThat(lines(rate(catalog, ACME, new TestingUsage(catalog)))).containsExactly("true_up units v1 8.00");
    }

    @Test
    void zeroLinesAreLeftOutSaveFees() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version(
                        "v1",
                        LONG_AGO,
                        fee("base", "0.00", Timing.IN_ARREARS, false),
                        usage("free", "units", unit("0")),
                        usage("units", "units", unit("1"))));
        TestingUsage usage = new TestingUsage(catalog);

        assertThat(lines(rate(catalog, ACME, usage))).containsExactly("fee base v1 0.00");
        usage.with("units", "2026-04-02T00:00:00Z", "2");
        assertThat(lines(rate(catalog, ACME, usage)))
                .containsExactly("fee base v1 0.00", "usage free v1 0.00", "usage units v1 2.00");
    }

    @Test
    void theCommitmentIsMadeUpToTheCentOverAllLinesOfThePeriod() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version(
                        "v1",
                        LONG_AGO,
                        "100.00",
                        fee("base", "20.00", Timing.IN_ADVANCE, false),
                        usage("units", "units", unit("1"))));

        assertThat(lines(rate(catalog, ACME, using(catalog, "79.99"))))
                .containsExactly("fee base v1 20.00", "usage units v1 79.99", "true_up commitment v1 0.01");
        assertThat(lines(rate(catalog, ACME, using(catalog, "80"))))
                .containsExactly("fee base v1 20.00", "usage units v1 80.00");
    }

    @Test
    void theCommitmentIsSharedOutOverVersionsAndTheSubscriptionsPart() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, "90.00", usage("units", "units", unit("1"))),
                version("v2", "2026-04-21T00:00:00Z", "300.00", usage("units", "units", unit("1"))));
        Subscription late = subscription("2026-04-11T00:00:00Z", null);

        // 10 of 30 days at 90, 10 at 300
        assertThat(lines(rate(catalog, late, new TestingUsage(catalog))))
                .containsExactly("true_up commitment v1 130.00");
    }

    @Test
    void aMeterThatDoesNotAddUpIsAggregatedPerPartAndItsAmountShared() {
        Meter seats = meter("seats", Aggregation.MAX);
        Catalog catalog = catalog(
                List.of(seats),
                version("v1", LONG_AGO, usage("seats", "seats", unit("6"))),
                version("v2", "2026-04-11T00:00:00Z", usage("seats", "seats", unit("9"))));
        TestingUsage usage = new TestingUsage(catalog)
                .with("seats", "2026-04-02T00:00:00Z", "10")
                .with("seats", "2026-04-20T00:00:00Z", "4");

        // 10 seats x 6 for a third of the month, 4 seats x 9 for two thirds
        assertThat(lines(rate(catalog, ACME, usage))).containsExactly("usage seats v1 20.00", "usage seats v2 24.00");
    }

    @Test
    void aTimeWeightedMeterIsDividedByTheFullPeriodsLengthInEveryPart() {
        Meter storage = meter("storage", Aggregation.TIME_WEIGHTED);
        Catalog catalog = catalog(
                List.of(storage),
                version("v1", LONG_AGO, usage("storage", "storage", unit("1"))),
                version("v2", "2026-04-11T00:00:00Z", usage("storage", "storage", unit("2"))));
        TestingUsage usage = new TestingUsage(catalog).with("storage", "2026-03-02T00:00:00Z", "30");

        assertThat(lines(rate(catalog, ACME, usage)))
                .containsExactly("usage storage v1 10.00", "usage storage v2 40.00");
    }

    @Test
    void aPinHoldsWhateverItsDate() {
        Subscription pinned = new Subscription(
                ACME.tenant(),
                ACME.subscription(),
                ACME.plan(),
                ACME.start(),
                ACME.end(),
                ACME.period(),
                "v2",
                List.of(),
                ACME.lateUsage(),
                null,
                null);
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", unit("1"))),
                version("v2", "2030-01-01T00:00:00Z", usage("units", "units", unit("2"))));

        assertThat(lines(rate(catalog, pinned, using(catalog, "5")))).containsExactly("usage units v2 10.00");
    }

    @Test
    void ratingTwiceGivesTheSame() {
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, usage("units", "units", unit("1"))));

        assertThat(rate(catalog, ACME, using(catalog, "5"))).isEqualTo(rate(catalog, ACME, using(catalog, "5")));
    }

    private static TestingUsage using(Catalog catalog, String value) {
        return new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", value);
    }

    private static RatedPeriod rate(Catalog catalog, Subscription subscription, TestingUsage usage) {
        Period period = APRIL;
        return PeriodRating.rate(catalog, subscription, period, usage);
    }

    private static List<String> lines(RatedPeriod rated) {
        return rated.lines().stream()
                .map(line -> line.kind().text() + " " + line.charge() + " " + line.pricingVersion() + " "
                        + line.amount().toPlainString())
                .toList();
    }
}

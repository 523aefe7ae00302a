package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.fee;
import static io.tallystick.rater.pricing.Given.included;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
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
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.Subscription;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectedRatingTest {

    private static final String LONG_AGO = "2025-01-01T00:00:00Z";
    private static final Subscription ACME = subscription(LONG_AGO, null);
    private static final Meter UNITS = meter("units", Aggregation.SUM);

    @Test
    void usageGoesOnAsItHasAndTiersAndFeesApplyToAllOfIt() {
        PriceModel graduated = new PriceModel.Graduated(tiers("100", "1", "0", "", "0.5", "0"));
        Catalog catalog = catalog(
                List.of(UNITS),
                version(
                        "v1",
                        LONG_AGO,
                        fee("base", "10", Timing.IN_ARREARS, false),
                        usage("units", "units", graduated)));
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "60");

        // 10 of 30 days are over: 180 units are expected
        assertThat(projected(catalog, usage, "2026-04-11T00:00:00Z")).isEqualTo("150.00");
    }

    @Test
    void whatIsIncludedIsTakenFromTheExpectedQuantity() {
        Catalog catalog =
                catalog(List.of(UNITS), version("v1", LONG_AGO, usage("units", "units", included(unit("1"), "100"))));
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "60");

        assertThat(PeriodRating.rate(catalog, ACME, APRIL, usage).total()).isEqualTo(number("0.00"));
        assertThat(projected(catalog, usage, "2026-04-16T00:00:00Z")).isEqualTo("20.00");
    }

    @Test
    void atTheEndAndBehindItTheProjectionIsWhatThereIs() {
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, usage("units", "units", unit("1"))));
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "60");

        assertThat(projected(catalog, usage, "2026-05-01T00:00:00Z")).isEqualTo("60.00");
        assertThat(projected(catalog, usage, "2026-06-01T00:00:00Z")).isEqualTo("60.00");
        assertThat(projected(catalog, usage, "2026-04-01T00:00:00Z")).isEqualTo("60.00");
    }

    @Test
    void aPriceThatIsStillToComeIsAppliedToTheAverageSoFar() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", unit("1"))),
                version("v2", "2026-04-21T00:00:00Z", usage("units", "units", unit("2"))));
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-02T00:00:00Z", "60");

        // 6 a day: 20 days at 1, 10 days at 2
        assertThat(projected(catalog, usage, "2026-04-11T00:00:00Z")).isEqualTo("240.00");
    }

    @Test
    void usageInTheCurrentHourCountsForAPriceStillToCome() {
        Catalog catalog = catalog(
                List.of(UNITS),
                version("v1", LONG_AGO, usage("units", "units", unit("1"))),
                version("v2", "2026-04-16T00:00:00Z", usage("units", "units", unit("1.5"))));
        TestingUsage usage = new TestingUsage(catalog).with("units", "2026-04-01T00:10:00Z", "1");

        // 1 in half an hour: 720 in each half of the month
        assertThat(projected(catalog, usage, "2026-04-01T00:30:00Z")).isEqualTo("1800.00");
    }

    @Test
    void metersThatDoNotAddUpKeepWhatTheySay() {
        for (Aggregation aggregation : List.of(Aggregation.MAX, Aggregation.LATEST, Aggregation.UNIQUE_COUNT)) {
            Catalog catalog = catalog(
                    List.of(meter("seats", aggregation)), version("v1", LONG_AGO, usage("seats", "seats", unit("1"))));
            TestingUsage usage = new TestingUsage(catalog).with("seats", "2026-04-02T00:00:00Z", "1");

            assertThat(projected(catalog, usage, "2026-04-11T00:00:00Z"))
                    .as("%s", aggregation)
                    .isEqualTo("1.00");
        }
    }

    @Test
    void aLevelHoldsToTheEndAnyway() {
        Catalog catalog = catalog(
                List.of(meter("storage", Aggregation.TIME_WEIGHTED)),
                version("v1", LONG_AGO, usage("storage", "storage", unit("1"))));
        TestingUsage usage = new TestingUsage(catalog).with("storage", "2026-04-16T00:00:00Z", "30");

        assertThat(projected(catalog, usage, "2026-04-21T00:00:00Z")).isEqualTo("15.00");
    }

    @Test
    void aPercentageOfSingleEventsIsScaledByItsAmount() {
        PriceModel bounded = new PriceModel.Percentage(number("10"), number("0"), null, null, null, number("4"));
        PriceModel plain = new PriceModel.Percentage(number("10"), number("1"), null, null, null, null);

        assertThat(projected(bounded)).isEqualTo("18.00");
        assertThat(projected(plain)).isEqualTo("27.00");
    }

    private static String projected(PriceModel model) {
        Charge charge = usage("pay", "units", model);
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, charge));
        TestingUsage usage = new TestingUsage(catalog)
                .with("units", "2026-04-02T00:00:00Z", "50")
                .with("units", "2026-04-03T00:00:00Z", "20");
        return projected(catalog, usage, "2026-04-11T00:00:00Z");
    }

    private static String projected(Catalog catalog, TestingUsage usage, String now) {
        return PeriodRating.projected(catalog, ACME, APRIL, usage, Instant.parse(now))
                .total()
                .toPlainString();
    }
}

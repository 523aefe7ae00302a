package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.period;
import static io.tallystick.rater.pricing.Given.price;
import static io.tallystick.rater.pricing.Given.subscription;
import static io.tallystick.rater.pricing.Given.unit;
import static io.tallystick.rater.pricing.Given.usage;
import static io.tallystick.rater.pricing.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.Fraction;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowRatingTest {

    private static final Catalog CATALOG = catalog(
            List.of(
                    meter("requests", Aggregation.SUM),
                    meter("worker_seconds", Aggregation.SUM),
                    meter("tokens", Aggregation.SUM)),
            version("v1_request", "2025-01-01T00:00:00Z", usage("requests", "requests", unit("0.0004"))),
            version(
                    "v2_compute",
                    "2030-01-01T00:00:00Z",
                    usage("compute", "worker_seconds", unit("0.0020")),
                    usage(
                            "tokens",
                            "tokens",
                            price(unit("1.80")).converted("1", "1000000").build())));

    @Test
    void theDifferenceIsExplainedInWords() {
        TestingUsage usage = new TestingUsage(CATALOG)
                .with("requests", "2026-04-02T00:00:00Z", "1800000")
                .with("worker_seconds", "2026-04-02T00:00:00Z", "51120")
                .with("tokens", "2026-04-02T00:00:00Z", "320000");

        assertThat(shadows("v1_request", usage, "v2_compute"))
                .containsExactly(new Shadow(
                        "v2_compute",
                        number("102.82"),
                        number("-617.18"),
                        "April: 1.8 million requests. Under v2_compute: 14.2 worker hours and 320 thousand tokens,"
                                + " 102.82 USD instead of 720.00 USD."));
    }

    @Test
    void usageThatBothVersionsBillIsNamedOnce() {
        TestingUsage usage = new TestingUsage(CATALOG).with("requests", "2026-04-02T00:00:00Z", "1");

        assertThat(shadows("v1_request", usage, "v1_request"))
                .extracting(Shadow::explanation)
                .containsExactly("April: 1 request. Under v1_request: 0.00 USD, the same.");
    }

    @Test
    void aPeriodWithoutUsageSaysSo() {
        assertThat(shadows("v1_request", new TestingUsage(CATALOG), "v2_compute"))
                .extracting(Shadow::explanation)
                .containsExactly("April: no usage. Under v2_compute: 0.00 USD, the same.");
    }

    @Test
    void aVersionWithoutThePlanHasNoShadow() {
        assertThat(shadows("v1_request", new TestingUsage(CATALOG), "v9")).isEmpty();
    }

    @Test
    void numbersAreSaidInThousandsMillionsAndBillions() {
        assertThat(QuantityWords.number(Fraction.of(number("0.0012345")))).isEqualTo("0.00123");
        assertThat(QuantityWords.number(Fraction.of(number("1.25")))).isEqualTo("1.3");
        assertThat(QuantityWords.number(Fraction.of(number("9999.94")))).isEqualTo("9999.9");
        assertThat(QuantityWords.number(Fraction.of(number("9999.95")))).isEqualTo("10 thousand");
        assertThat(QuantityWords.number(Fraction.of(number("999949")))).isEqualTo("999.9 thousand");
        assertThat(QuantityWords.number(Fraction.of(number("999950")))).isEqualTo("1 million");
        assertThat(QuantityWords.number(Fraction.of(number("-1234567890123")))).isEqualTo("-1234.6 billion");
        assertThat(QuantityWords.number(Fraction.of(1, 3))).isEqualTo("0.333");
    }

    @Test
    void secondsBecomeMinutesAndHours() {
        assertThat(QuantityWords.of(meter("gpu_seconds", Aggregation.SUM), Fraction.of(59)))
                .isEqualTo("59 gpu seconds");
        assertThat(QuantityWords.of(meter("gpu_seconds", Aggregation.SUM), Fraction.of(60)))
                .isEqualTo("1 gpu minute");
        assertThat(QuantityWords.of(meter("gpu_seconds", Aggregation.SUM), Fraction.of(3600)))
                .isEqualTo("1 gpu hour");
    }

    @Test
    void periodsHaveTheNamesThatPeopleGiveThem() {
        assertThat(PeriodWords.of(APRIL, ZoneOffset.UTC)).isEqualTo("April");
        assertThat(PeriodWords.of(period("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("April to June");
        assertThat(PeriodWords.of(period("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("2026");
        assertThat(PeriodWords.of(period("2026-04-10T00:00:00Z", "2026-05-10T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("10 April to 9 May");
        assertThat(PeriodWords.of(period("2026-04-10T00:00:00Z", "2026-04-11T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("10 April");
        assertThat(PeriodWords.of(period("2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z"), ZoneId.of("Europe/Berlin")))
                .isEqualTo("April");
    }

    private static List<Shadow> shadows(String charged, TestingUsage usage, String... versions) {
        Subscription pinned = ShadowRating.pinned(subscription("2025-01-01T00:00:00Z", null), charged);
        Subscription shadowed = new Subscription(
                pinned.tenant(),
                pinned.subscription(),
                pinned.plan(),
                pinned.start(),
                pinned.end(),
                pinned.period(),
                charged,
                List.of(versions),
                pinned.lateUsage(),
                null,
                null);
        RatedPeriod rated = PeriodRating.rate(CATALOG, shadowed, APRIL, usage);
        return ShadowRating.rate(CATALOG, shadowed, APRIL, usage, rated);
    }
}

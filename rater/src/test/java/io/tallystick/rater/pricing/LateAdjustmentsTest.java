package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.dimensions;
import static io.tallystick.rater.pricing.Given.fee;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.price;
import static io.tallystick.rater.pricing.Given.subscription;
import static io.tallystick.rater.pricing.Given.tiers;
import static io.tallystick.rater.pricing.Given.unit;
import static io.tallystick.rater.pricing.Given.usage;
import static io.tallystick.rater.pricing.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LateAdjustmentsTest {

    private static final String LONG_AGO = "2025-01-01T00:00:00Z";
    private static final String IN_APRIL = "2026-04-10T00:00:00Z";
    private static final Subscription ACME = subscription(LONG_AGO, null);
    private static final Meter UNITS = meter("units", Aggregation.SUM, "model");
    private static final PriceModel GRADUATED = new PriceModel.Graduated(tiers("100", "1", "0", "", "0.5", "0"));

    @Test
    void lateUnitsCostWhatTheTierTheyEndInSays() {
        Catalog catalog = graduated();
        TestingUsage usage = new TestingUsage(catalog).with("units", IN_APRIL, "99");
        List<LineItem> original = rate(catalog, usage);

        List<LineItem> adjustments =
                LateAdjustments.between(APRIL, original, rate(catalog, usage.with("units", IN_APRIL, "2")));

        LineItem line = original.get(0);
        assertThat(adjustments).hasSize(1);
        assertThat(adjustments.get(0).kind()).isEqualTo(LineItem.Kind.ADJUSTMENT);
        assertThat(adjustments.get(0).amount()).isEqualTo(number("1.50"));
        assertThat(adjustments.get(0).quantity()).isEqualByComparingTo("2");
        assertThat(adjustments.get(0).adjusts())
                .isEqualTo(new LineItem.Adjusts(APRIL, line.line(), line.pricingVersion()));
        assertThat(adjustments.get(0).pricingVersion()).isEqualTo(line.pricingVersion());
    }

    @Test
    void lateUsageTwiceAndThenAVoidComeOutAsOneCleanRating() {
        Catalog catalog = graduated();
        TestingUsage usage = new TestingUsage(catalog).with("units", IN_APRIL, "99");
        List<LineItem> original = rate(catalog, usage);
        List<LineItem> first = rate(catalog, usage.with("units", IN_APRIL, "2"));
        List<LineItem> second = rate(catalog, usage.with("units", IN_APRIL, "2"));
        List<LineItem> voided = rate(catalog, usage.with("units", IN_APRIL, "-99"));

        assertThat(sum(original)).isEqualTo(number("99.00"));
        assertThat(sum(LateAdjustments.between(APRIL, original, first))).isEqualTo(number("1.50"));
        assertThat(sum(LateAdjustments.between(APRIL, first, second))).isEqualTo(number("1.00"));
        assertThat(sum(LateAdjustments.between(APRIL, second, voided))).isEqualTo(number("-97.50"));
        assertThat(sum(voided)).isEqualTo(number("4.00"));
    }

    @Test
    void whatChangesNoRoundedAmountIsNotBookedYetNeverLost() {
        Catalog catalog = catalog(List.of(UNITS), version("v1", LONG_AGO, usage("units", "units", unit("0.001"))));
        TestingUsage usage = new TestingUsage(catalog).with("units", IN_APRIL, "10"); // 0.01
        List<LineItem> original = rate(catalog, usage);
        List<LineItem> first = rate(catalog, usage.with("units", IN_APRIL, "4")); // 0.014
        List<LineItem> second = rate(catalog, usage.with("units", IN_APRIL, "4")); // 0.018

        assertThat(LateAdjustments.between(APRIL, original, first)).isEmpty();
        assertThat(sum(LateAdjustments.between(APRIL, first, second))).isEqualTo(number("0.01"));
    }

    @Test
    void aLineThatComesUpLateIsBookedWhole() {
        Catalog catalog = graduated();
        TestingUsage usage = new TestingUsage(catalog);
        List<LineItem> original = rate(catalog, usage).stream()
                .filter(line -> line.amount().signum() != 0)
                .toList();

        List<LineItem> now = rate(catalog, usage.with("units", IN_APRIL, "7"));

        assertThat(LateAdjustments.between(APRIL, original, now))
                .extracting(LineItem::amount)
                .containsExactly(number("7.00"));
    }

    @Test
    void trueUpsAreCorrectedLikeEveryLine() {
        Catalog catalog =
                catalog(List.of(UNITS), version("v1", LONG_AGO, "100.00", usage("units", "units", unit("1"))));
        TestingUsage usage = new TestingUsage(catalog).with("units", IN_APRIL, "60");
        List<LineItem> original = rate(catalog, usage);

        List<LineItem> adjustments =
                LateAdjustments.between(APRIL, original, rate(catalog, usage.with("units", IN_APRIL, "30")));

        assertThat(adjustments)
                .extracting(LineItem::amount)
                .containsExactlyInAnyOrder(number("30.00"), number("-30.00"));
        assertThat(sum(adjustments)).isEqualTo(number("0.00"));
    }

    @Test
    void anySequenceOfCorrectionsAddsUpToOneCleanRating() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Catalog catalog = catalog(
                    List.of(UNITS),
                    version(
                            "v1",
                            LONG_AGO,
                            "20.00",
                            fee("base", "5.00", Timing.IN_ARREARS, false),
                            usage(
                                    "units",
                                    "units",
                                    price(GRADUATED).minimum("3.00").build()),
                            usage("thirds", "units", unit("0.0033333"))));
            TestingUsage usage = new TestingUsage(catalog);
            usage.with("units", IN_APRIL, dimensions("model", "a"), quantity(random));
            List<LineItem> booked = rate(catalog, usage);
            BigDecimal billed = sum(booked);

            for (int step = 0; step < 12; step++) {
                usage.with("units", IN_APRIL, dimensions("model", random.nextBoolean() ? "a" : "b"), quantity(random));
                List<LineItem> now = rate(catalog, usage);
                billed = billed.add(sum(LateAdjustments.between(APRIL, booked, now)));
                booked = now;

                assertThat(billed).as("seed %s, step %s", seed, step).isEqualByComparingTo(sum(now));
            }
        }
    }

    private static String quantity(Random random) {
        return BigDecimal.valueOf(random.nextInt(200_000) - 60_000, 3).toPlainString();
    }

    private static Catalog graduated() {
        return catalog(List.of(UNITS), version("v1", LONG_AGO, usage("units", "units", GRADUATED)));
    }

    private static List<LineItem> rate(Catalog catalog, TestingUsage usage) {
        return PeriodRating.rate(catalog, ACME, APRIL, usage).lines();
    }

    private static BigDecimal sum(List<LineItem> lines) {
        return lines.stream().map(LineItem::amount).reduce(new BigDecimal("0.00"), BigDecimal::add);
    }
}

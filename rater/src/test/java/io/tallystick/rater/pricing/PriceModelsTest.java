package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.price;
import static io.tallystick.rater.pricing.Given.tiers;
import static io.tallystick.rater.pricing.Given.unit;
import static io.tallystick.rater.pricing.Given.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.RoundingDirection;
import io.tallystick.schemas.event.LineItem;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceModelsTest {

    private static final PriceModel GRADUATED =
            new PriceModel.Graduated(tiers("100000", "0", "0", "1000000", "0.000002", "0", "", "0.000001", "0"));

    @Test
    void aHybridPlansUsagePartIsRoundedHalfUp() {
        assertThat(amount(unit("0.05"), "82.1")).isEqualTo("4.11");
        assertThat(amount(unit("0.05"), "48.5")).isEqualTo("2.43");
        assertThat(amount(unit("0.05"), "20.4")).isEqualTo("1.02");
    }

    @Test
    void aNegativeHalfIsRoundedAwayFromZero() {
        assertThat(amount(unit("0.05"), "-82.1")).isEqualTo("-4.11");
    }

    @Test
    void onlyWhatIsAboveTheIncludedQuantityIsCharged() {
        Price starter = price(unit("0.10")).included("100").build();

        assertThat(amount(starter, "99")).isEqualTo("0.00");
        assertThat(amount(starter, "100")).isEqualTo("0.00");
        assertThat(amount(starter, "101")).isEqualTo("0.10");
    }

    @Test
    void theIncludedQuantityNeverMakesUsageNegativeAndNeverForgivesNegativeUsage() {
        Price price = price(unit("1")).included("100").build();

        assertThat(amount(price, "40")).isEqualTo("0.00");
        assertThat(amount(price, "-40")).isEqualTo("-40.00");
    }

    @Test
    void eachSliceOfAGraduatedQuantityHasItsOwnTier() {
        assertThat(amount(GRADUATED, "100000")).isEqualTo("0.00");
        assertThat(amount(GRADUATED, "600000")).isEqualTo("1.00");
        assertThat(amount(GRADUATED, "1000000")).isEqualTo("1.80");
        assertThat(amount(GRADUATED, "2000000")).isEqualTo("2.80");
    }

    @Test
    void aTiersBoundBelongsToItAndTheNextBeginsJustAbove() {
        List<PriceModel.Tier> tiers = tiers("10", "10", "2", "20", "5", "3", "", "5", "7");

        assertThat(amount(new PriceModel.Graduated(tiers), "0")).isEqualTo("2.00");
        assertThat(amount(new PriceModel.Graduated(tiers), "10")).isEqualTo("102.00");
        assertThat(amount(new PriceModel.Graduated(tiers), "10.002")).isEqualTo("105.01");
        assertThat(amount(new PriceModel.Volume(tiers), "0")).isEqualTo("2.00");
        assertThat(amount(new PriceModel.Volume(tiers), "10")).isEqualTo("102.00");
        assertThat(amount(new PriceModel.Volume(tiers), "10.002")).isEqualTo("53.01");
    }

    @Test
    void belowZeroCountsAsZeroWhereTiersAndPackagesAreCounted() {
        List<PriceModel.Tier> tiers = tiers("10", "10", "2", "", "5", "3");

        assertThat(amount(new PriceModel.Graduated(tiers), "-4")).isEqualTo("2.00");
        assertThat(amount(new PriceModel.Volume(tiers), "-4")).isEqualTo("2.00");
        assertThat(amount(packages(RoundingDirection.UP), "-4")).isEqualTo("0.00");
        assertThat(amount(packages(RoundingDirection.DOWN), "-4")).isEqualTo("0.00");
    }

    @Test
    void aGraduatedLineShowsTheSliceOfEveryTierItEnters() {
        LineItem line = line(Price.of(GRADUATED), "1500000.5");

        assertThat(line.tiers())
                .extracting(tier -> tier.quantity().toPlainString() + " x " + tier.unitPrice() + " = " + tier.amount())
                .containsExactly("100000 x 0 = 0", "900000 x 0.000002 = 1.8", "500000.5 x 0.000001 = 0.5000005");
    }

    @Test
    void aPackageThatIsBegunCostsAsMuchAsAWholeOne() {
        assertThat(amount(packages(RoundingDirection.UP), "20")).isEqualTo("10.00");
        assertThat(amount(packages(RoundingDirection.UP), "20.000000000001")).isEqualTo("15.00");
        assertThat(amount(packages(RoundingDirection.DOWN), "19.999999999999")).isEqualTo("5.00");
    }

    @Test
    void theAllowanceEndsWithWhicheverRunsOutFirst() {
        PriceModel.Percentage price =
                new PriceModel.Percentage(number("1.3"), number("2"), 3L, number("250"), null, null);

        assertThat(amountOfEvents(price, "50", "100", "250", "400")).isEqualTo("11.15");
    }

    @Test
    void anAllowanceUsedUpExactlyLeavesTheNextEventWhole() {
        PriceModel.Percentage price =
                new PriceModel.Percentage(number("1"), number("2"), null, number("100"), null, null);

        assertThat(amountOfEvents(price, "60", "40")).isEqualTo("0.00");
        assertThat(amountOfEvents(price, "60", "40", "0")).isEqualTo("2.00");
        assertThat(amountOfEvents(price, "60", "41")).isEqualTo("2.01");
    }

    @Test
    void boundsHoldPercentAndFixedOfOneEventTogether() {
        PriceModel.Percentage price =
                new PriceModel.Percentage(number("10"), number("1"), null, null, number("3"), number("5"));

        assertThat(amountOfEvents(price, "10")).isEqualTo("3.00");
        assertThat(amountOfEvents(price, "30")).isEqualTo("4.00");
        assertThat(amountOfEvents(price, "50")).isEqualTo("5.00");
    }

    @Test
    void thePercentageOfASumNeedsNoEventsButTheirNumber() {
        PriceModel.Percentage price = new PriceModel.Percentage(number("1.3"), number("2"), null, null, null, null);

        assertThat(amountOfEvents(price, "200", "200", "200", "200")).isEqualTo("18.40");
        assertThat(amount(price, "800")).isEqualTo("12.40");
    }

    @Test
    void discountComesBeforeTheMaximumAndTheMinimumBehindBoth() {
        Price price =
                price(unit("1")).discount("50").maximum("30").minimum("20").build();

        assertThat(amount(price, "100")).isEqualTo("30.00");
        assertThat(amount(price, "50")).isEqualTo("25.00");
        assertThat(amount(price, "10")).isEqualTo("20.00");
        assertThat(answer(price, "10").lines())
                .extracting(LineItem::kind)
                .containsExactly(LineItem.Kind.USAGE, LineItem.Kind.TRUE_UP);
        assertThat(answer(price, "10").exact().shown()).isEqualTo("5");
    }

    @Test
    void aQuotientThatDoesNotEndIsCarriedExactlyToTheRounding() {
        Price price = price(unit("3")).converted("1", "3").build();
        Price third = price(unit("0.01")).converted("1", "3").build();

        assertThat(amount(price, "0.005")).isEqualTo("0.01");
        assertThat(answer(third, "1").exact().toString()).isEqualTo("1/300");
        assertThat(line(third, "100").quantity()).isEqualTo(number("33.333333333333"));
    }

    @Test
    void amountsHaveTheCurrencysDecimals() {
        assertThat(amountIn("JPY", "1.5")).isEqualTo("2");
        assertThat(amountIn("KWD", "1.0005")).isEqualTo("1.001");
        assertThat(amountIn("USD", "1.005")).isEqualTo("1.01");
    }

    @Test
    void aQuantityOfThirtyDigitsIsExact() {
        assertThat(amount(unit("1"), "123456789012345678901234567890.12"))
                .isEqualTo("123456789012345678901234567890.12");
    }

    private static PriceModel packages(RoundingDirection round) {
        return new PriceModel.PerPackage(number("10"), number("5"), round);
    }

    private static String amount(PriceModel model, String quantity) {
        return amount(Price.of(model), quantity);
    }

    private static String amount(Price price, String quantity) {
        return answer(price, quantity).amount().toPlainString();
    }

    private static String amountOfEvents(PriceModel model, String... events) {
        List<BigDecimal> values = Arrays.stream(events).map(Given::number).toList();
        PriceRequest request = new PriceRequest(usage("c", "m", model), "USD", null, values);
        return PriceAnswer.to(request).amount().toPlainString();
    }

    private static String amountIn(String currency, String quantity) {
        PriceRequest request = new PriceRequest(usage("c", "m", unit("1")), currency, number(quantity), null);
        return PriceAnswer.to(request).amount().toPlainString();
    }

    private static LineItem line(Price price, String quantity) {
        return answer(price, quantity).lines().get(0);
    }

    private static PriceAnswer answer(Price price, String quantity) {
        return PriceAnswer.to(new PriceRequest(usage("c", "m", price), "USD", number(quantity), null));
    }
}

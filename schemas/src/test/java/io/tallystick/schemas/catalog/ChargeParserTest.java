package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.charge;
import static io.tallystick.schemas.catalog.TestingCatalogs.chargeErrors;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.codec.CatalogDocuments;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChargeParserTest {

    private static final String UNIT = "charge: c, model: unit, meter: tokens, unitPrice: 1";

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    private static ChargeParser.Parsed alone(String json) {
        return ChargeParser.parse(CatalogDocuments.json(json).tree(), "charge");
    }

    @Test
    void everyModelHasItsFieldsAndDefaults() {
        assertThat(charge("{charge: c, model: flat, amount: -3.50}").price().model())
                .isEqualTo(new PriceModel.Flat(decimal("-3.50")));
        assertThat(charge("{charge: c, model: unit, meter: tokens, unitPrice: '-0.0020', multiplier: 1.1}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.PerUnit(decimal("-0.0020"), decimal("1.1")));
        List<PriceModel.Tier> tiers = List.of(
                new PriceModel.Tier(decimal("10"), decimal("2.0"), BigDecimal.ZERO),
                new PriceModel.Tier(null, BigDecimal.ZERO, decimal("5")));
        assertThat(charge(
                                "{charge: c, model: graduated, meter: tokens, tiers: [{upTo: 10, unitPrice: 2.0}, {flat: 5}]}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.Graduated(tiers));
        assertThat(charge("{charge: c, model: volume, meter: tokens, tiers: [{upTo: 10, unitPrice: 2.0}, {flat: 5}]}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.Volume(tiers));
        assertThat(charge("{charge: c, model: package, meter: tokens, size: 100, price: 5.00}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.PerPackage(decimal("100"), decimal("5.00"), RoundingDirection.UP));
        assertThat(charge("{charge: c, model: package, meter: tokens, size: 100, price: 5.00, round: down}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.PerPackage(decimal("100"), decimal("5.00"), RoundingDirection.DOWN));
        assertThat(charge("{charge: c, model: percentage, meter: plain, rate: 2.9}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.Percentage(decimal("2.9"), BigDecimal.ZERO, null, null, null, null));
        assertThat(charge("{charge: c, model: percentage, meter: money, rate: 2.9, fixed: 0.30, freeEvents: '3', "
                                + "freeAmount: 500, minPerEvent: 1.75, maxPerEvent: 12}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.Percentage(
                        decimal("2.9"), decimal("0.30"), 3L, decimal("500"), decimal("1.75"), decimal("12")));
        assertThat(charge(
                                "{charge: c, model: graduated_percentage, meter: plain, tiers: [{upTo: 10, rate: 1}, {rate: 2, flat: 3}]}")
                        .price()
                        .model())
                .isEqualTo(new PriceModel.GraduatedPercentage(List.of(
                        new PriceModel.PercentTier(decimal("10"), decimal("1"), BigDecimal.ZERO),
                        new PriceModel.PercentTier(null, decimal("2"), decimal("3")))));
        assertThat(charge("{charge: c, model: dynamic, meter: plain}").price().model())
                .isEqualTo(new PriceModel.Dynamic(BigDecimal.ONE));
    }

    @Test
    void whatStandsAroundTheModelHasDefaults() {
        assertThat(charge("{" + UNIT + "}").price())
                .isEqualTo(Price.of(new PriceModel.PerUnit(BigDecimal.ONE, BigDecimal.ONE)));
        assertThat(charge("{" + UNIT
                                + ", multiplyBy: 3, divideBy: -2, rounding: {mode: down, scale: -2}, included: 10, "
                                + "discountPercent: 5, maximum: 100, minimum: 7}")
                        .price())
                .isEqualTo(new Price(
                        new PriceModel.PerUnit(BigDecimal.ONE, BigDecimal.ONE),
                        decimal("3"),
                        decimal("-2"),
                        new Price.QuantityRounding(RoundingDirection.DOWN, -2),
                        decimal("10"),
                        decimal("5"),
                        decimal("100"),
                        decimal("7")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "divideBy: 0.0 | charge.divideBy: must not be 0 but is 0.0",
                "included: -1 | charge.included: must not be negative but is -1",
                "discountPercent: 100.01 | charge.discountPercent: must be from 0 to 100 percent but is 100.01",
                "discountPercent: -0.01 | charge.discountPercent: must be from 0 to 100 percent but is -0.01",
                "maximum: -1 | charge.maximum: must not be negative but is -1",
                "minimum: -1 | charge.minimum: must not be negative but is -1",
                "minimum: 1.01, maximum: 1 | charge.minimum: is greater than maximum",
                "rounding: {mode: up, scale: 31} | charge.rounding.scale: 31 is not a whole number from -30 to 30",
                "rounding: {mode: up, scale: -31} | charge.rounding.scale: -31 is not a whole number from -30 to 30",
                "rounding: {mode: up, scale: 0.5} | charge.rounding.scale: 0.5 is not a whole number from -30 to 30",
                "rounding: {mode: up} | charge.rounding.scale: is missing",
                "rounding: up | charge.rounding: expected a rounding (fields and their values) but found \"up\"",
                "multiplier: .nan | charge.multiplier: \".nan\" is not a decimal; write digits with a point, as in \"0.10\"",
                "multiplier: '1,5' | charge.multiplier: \"1,5\" is not a decimal; write digits with a point, as in \"0.10\"",
                "timing: in_advance | charge.timing: only a flat fee can be due in advance: usage is known afterwards",
                "timing: later | charge.timing: \"later\" is none of in_arrears, in_advance",
                "prorate: true | charge.prorate: only a flat fee is prorated",
                "amount: 5 | charge.amount: a charge has no field \"amount\"",
                "groupBy: model | charge.groupBy: expected a list but found \"model\"",
                "groupBy: [model, model] | charge.groupBy[1]: \"model\" stands here twice",
                "groupBy: [1] | charge.groupBy[0]: expected a dimension's name but found the number 1",
                "groupBy: [model, region] | charge.groupBy[1]: meter tokens has no dimension region; its dimensions are kind, model",
                "where: {region: eu} | charge.where.region: meter tokens has no dimension region; its dimensions are kind, model",
                "matrix: [] | charge.matrix: has no row; leave it out to price all usage alike",
                "matrix: [{where: {regio: eu}}] | charge.matrix[0].where.regio: meter tokens has no dimension regio",
                "matrix: [{model: flat}] | charge.matrix[0].model: a matrix row has no field \"model\"",
                "matrix: [{unitprice: 5}] | charge.matrix[0].unitprice: a matrix row has no field \"unitprice\"; did you mean unitPrice?",
                "matrix: [{divideBy: 0}] | charge.matrix[0].divideBy: must not be 0 but is 0",
                "matrix: ['x'] | charge.matrix[0]: expected a matrix row (fields and their values) but found \"x\"",
            })
    void eachWrongFieldIsOneError(String fields, String error) {
        assertThat(chargeErrors("{" + UNIT + ", " + fields + "}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "divideBy: -0.001",
                "included: 0",
                "discountPercent: 100",
                "discountPercent: 0",
                "maximum: 0",
                "minimum: 1, maximum: 1.0",
                "rounding: {mode: half_up, scale: 30}",
                "rounding: {mode: up, scale: '-30'}",
                "multiplier: -1",
                "timing: in_arrears, prorate: false",
                "groupBy: [model, kind]",
                "where: {model: [a, b], kind: ''}",
                "matrix: [{where: {model: a}, unitPrice: 5}, {maximum: null}]"
            })
    void theOtherSideOfEachRuleIsTaken(String fields) {
        assertThat(chargeErrors("{" + UNIT + ", " + fields + "}")).isEmpty();
    }

    @Test
    void whatAModelNeedsIsMissedOnce() {
        assertThat(chargeErrors("{charge: c, model: unit, meter: tokens}"))
                .containsExactly("charge.unitPrice: is missing");
        assertThat(chargeErrors("{charge: c, model: package, meter: tokens}"))
                .containsExactly("charge.size: is missing", "charge.price: is missing");
        assertThat(chargeErrors("{charge: c, model: unit, unitPrice: 1}")).containsExactly("charge.meter: is missing");
        assertThat(chargeErrors("{charge: c, model: volume, meter: tokens}"))
                .containsExactly("charge.tiers: is missing");
        assertThat(chargeErrors("{model: flat, amount: 1}")).containsExactly("charge.charge: is missing");
        assertThat(chargeErrors("{charge: c, amount: 1, meter: tokens}")).containsExactly("charge.model: is missing");
        assertThat(chargeErrors("{charge: c, model: units, unitPrice: 1, meter: tokens}"))
                .containsExactly("charge.model: \"units\" is none of flat, unit, graduated, volume, package, "
                        + "percentage, graduated_percentage, dynamic; did you mean unit?");
    }

    @Test
    void aMisspeltFieldIsNotAlsoMissing() {
        assertThat(chargeErrors("{charge: c, model: unit, meter: tokens, unit_price: 1}"))
                .containsExactly("charge.unit_price: a charge has no field \"unit_price\"; did you mean unitPrice?");
        assertThat(chargeErrors("{charge: c, modle: unit, meter: tokens, unitPrice: 1}"))
                .containsExactly("charge.modle: a charge has no field \"modle\"; did you mean model?");
    }

    @Test
    void anUnknownMeterIsNamedAndTheRightOneGuessed() {
        assertThat(chargeErrors("{charge: c, model: unit, meter: token, unitPrice: 1, where: {x: y}}"))
                .containsExactly("charge.meter: there is no meter token; did you mean tokens?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meter: tokens",
                "where: {model: a}",
                "groupBy: [model]",
                "matrix: [{amount: 1}]",
                "included: 1",
                "divideBy: 2",
                "multiplyBy: 2",
                "rounding: {mode: up, scale: 0}"
            })
    void aFlatFeeTakesNothingThatIsAboutUsage(String field) {
        String name = field.substring(0, field.indexOf(':'));

        assertThat(chargeErrors("{charge: c, model: flat, amount: 1, " + field + "}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("charge." + name + ": a flat charge ")
                .endsWith("takes no " + name);
    }

    @Test
    void aFlatFeeMayBeDueInAdvanceProratedDiscountedAndBounded() {
        Charge charge = charge(
                "{charge: c, model: flat, amount: 1, timing: in_advance, prorate: true, discountPercent: 10, minimum: 1, maximum: 2}");

        assertThat(charge.timing()).isEqualTo(Charge.Timing.IN_ADVANCE);
        assertThat(charge.prorate()).isTrue();
        assertThat(charge.meter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"included: 1", "divideBy: 2", "multiplyBy: 2", "rounding: {mode: up, scale: 0}"})
    void aPercentageConvertsNothing(String field) {
        String name = field.substring(0, field.indexOf(':'));

        assertThat(chargeErrors("{charge: c, model: percentage, meter: plain, rate: 1, " + field + "}"))
                .containsExactly("charge." + name + ": a percentage charge takes no " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeEvents: 0", "freeAmount: 0", "minPerEvent: 0", "maxPerEvent: 0"})
    void whatLooksAtSingleEventsNeedsAMeterThatKeepsThem(String field) {
        assertThat(chargeErrors("{charge: c, model: percentage, meter: money, rate: 1, " + field + "}"))
                .isEmpty();
        assertThat(chargeErrors("{charge: c, model: percentage, meter: plain, rate: 1, " + field + "}"))
                .containsExactly("charge.meter: freeEvents, freeAmount, minPerEvent and maxPerEvent need a meter with "
                        + "perEvent: true, which plain is not");
        assertThat(chargeErrors("{charge: c, model: percentage, meter: plain, rate: 1, matrix: [{" + field + "}]}"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "rate: 1000, true",
        "rate: 1000.1, false",
        "rate: 0, true",
        "rate: -1, false",
        "freeEvents: -1, false",
        "freeEvents: 1.5, false",
        "freeEvents: 1.0, true",
        "freeAmount: -1, false",
        "minPerEvent: -1, false",
        "'minPerEvent: 2, maxPerEvent: 2', true",
        "'minPerEvent: 3, maxPerEvent: 2', false",
        "fixed: -1, true"
    })
    void percentagesHaveBounds(String fields, boolean isTaken) {
        String rate = fields.startsWith("rate") ? "" : "rate: 1, ";

        assertThat(chargeErrors("{charge: c, model: percentage, meter: money, " + rate + fields + "}"))
                .hasSize(isTaken ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{upTo: 10, unitPrice: 1}, {upTo: 20, unitPrice: 1}, {upTo: null, unitPrice: 1}] | ",
                "[{upTo: 0.001, unitPrice: 1}, {unitPrice: 1}] | ",
                "[{upTo: null, flat: 1}] | ",
                "[] | charge.tiers: has no tier",
                "x | charge.tiers: expected a list but found \"x\"",
                "[{upTo: 10, unitPrice: 1}] | charge.tiers[0].upTo: the last tier is open",
                "[{upTo: null, unitPrice: 1}, {upTo: null, unitPrice: 1}] | charge.tiers[0].upTo: only the last tier is open",
                "[{upTo: 10, unitPrice: 1}, {upTo: 10.0, unitPrice: 1}, {unitPrice: 1}] | charge.tiers[1].upTo: must be greater than the tier before, which ends at 10",
                "[{upTo: 10, unitPrice: 1}, {upTo: 9, unitPrice: 1}, {unitPrice: 1}] | charge.tiers[1].upTo: must be greater than the tier before",
                "[{upTo: 0, unitPrice: 1}, {unitPrice: 1}] | charge.tiers[0].upTo: must be greater than 0 but is 0",
                "[{upTo: 10}, {unitPrice: 1}] | charge.tiers[0].unitPrice: is missing",
                "[{upTo: 10, rate: 1}, {unitPrice: 1}] | charge.tiers[0].rate: a tier has no field \"rate\"",
                "[{upTo: ten, unitPrice: 1}, {unitPrice: 1}] | charge.tiers[0].upTo: \"ten\" is not a decimal",
                "[{up_to: 10, unitPrice: 1}, {unitPrice: 1}] | charge.tiers[0].up_to: a tier has no field \"up_to\"; did you mean upTo?",
            })
    void tiersAscendAndTheLastIsOpen(String tiers, String error) {
        List<String> errors = chargeErrors("{charge: c, model: graduated, meter: tokens, tiers: " + tiers + "}");

        if (error == null) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors).first().asString().startsWith(error);
            assertThat(errors).filteredOn(other -> !other.contains("rate")).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void aRowReplacesWhatItGivesAndKeepsTheRest() {
        Charge charge = charge("{charge: c, model: graduated, meter: tokens, tiers: [{unitPrice: 1}], divideBy: 1000, "
                + "maximum: 50, matrix: [{where: {model: [b, a]}, tiers: [{upTo: 5, unitPrice: 3}, {unitPrice: 2}], maximum: null}, "
                + "{divideBy: 10, minimum: 3, rounding: {mode: up, scale: 0}, included: 4, discountPercent: 1}]}");

        Price first = charge.matrix().get(0).price();
        assertThat(charge.matrix().get(0).where()).isEqualTo(Map.of("model", List.of("a", "b")));
        assertThat(((PriceModel.Graduated) first.model()).tiers()).hasSize(2);
        assertThat(first.divideBy()).isEqualTo(decimal("1000"));
        assertThat(first.maximum()).isNull();
        Price second = charge.matrix().get(1).price();
        assertThat(((PriceModel.Graduated) second.model()).tiers()).hasSize(1);
        assertThat(second)
                .isEqualTo(new Price(
                        second.model(),
                        BigDecimal.ONE,
                        decimal("10"),
                        new Price.QuantityRounding(RoundingDirection.UP, 0),
                        decimal("4"),
                        decimal("1"),
                        decimal("50"),
                        decimal("3")));
    }

    @Test
    void whatNeitherRowNorChargeHasIsMissingInTheRow() {
        assertThat(chargeErrors(
                        "{charge: c, model: unit, meter: tokens, matrix: [{where: {model: a}, unitPrice: 5}, {}]}"))
                .containsExactly("charge.matrix[1].unitPrice: is missing: neither this row nor the charge has it");
        assertThat(chargeErrors("{charge: c, model: volume, meter: tokens, matrix: [{where: {model: a}}]}"))
                .containsExactly("charge.matrix[0].tiers: is missing: neither this row nor the charge has it");
    }

    @Test
    void aMistakeOfTheChargeIsNotReportedAgainForEachRow() {
        assertThat(
                        chargeErrors(
                                "{charge: c, model: unit, meter: tokens, unitPrice: x, divideBy: 0, matrix: [{}, {included: 1}]}"))
                .hasSize(2);
    }

    @Test
    void boundsAreComparedAcrossRowAndCharge() {
        assertThat(chargeErrors("{" + UNIT + ", maximum: 10, matrix: [{minimum: 11}, {minimum: 10}]}"))
                .containsExactly("charge.matrix[0].minimum: is greater than maximum");
        assertThat(chargeErrors("{" + UNIT + ", minimum: 10, matrix: [{maximum: 9}]}"))
                .hasSize(1);
    }

    @Test
    void aChargeAloneNeedsNeitherNameNorMeter() {
        ChargeParser.Parsed parsed = alone("{\"model\":\"unit\",\"unitPrice\":\"0.0020\",\"where\":{\"any\":[\"x\"]}}");

        assertThat(parsed.errors()).isEmpty();
        assertThat(parsed.charge().meter()).isNull();
        assertThat(parsed.charge().price())
                .isEqualTo(Price.of(new PriceModel.PerUnit(decimal("0.0020"), BigDecimal.ONE)));
        assertThat(alone("{\"charge\":\"c\",\"meter\":\"m\",\"model\":\"percentage\",\"rate\":\"1\",\"freeEvents\":2}")
                        .errors())
                .isEmpty();
    }

    @Test
    void theErrorsOfAChargeAloneHaveTheirPaths() {
        ChargeParser.Parsed parsed = alone(
                "{\"model\":\"graduated\",\"tiers\":[{\"upTo\":\"5\",\"unitPrice\":\"1\"},{\"upTo\":\"x\",\"flat\":\"1\"},{\"unitPrice\":1}],\"minimum\":-1}");

        assertThat(parsed.charge()).isNull();
        assertThat(parsed.errors())
                .extracting(CatalogError::path)
                .containsExactly("charge.tiers[1].upTo", "charge.minimum");
        assertThat(alone("5").errors())
                .containsExactly(new CatalogError(
                        "charge", "expected a charge (fields and their values) but found the number 5"));
        assertThat(alone("{}").errors()).containsExactly(new CatalogError("charge.model", "is missing"));
    }
}

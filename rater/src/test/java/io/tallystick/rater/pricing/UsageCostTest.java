package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.APRIL;
import static io.tallystick.rater.pricing.Given.catalog;
import static io.tallystick.rater.pricing.Given.dimensions;
import static io.tallystick.rater.pricing.Given.matrix;
import static io.tallystick.rater.pricing.Given.meter;
import static io.tallystick.rater.pricing.Given.number;
import static io.tallystick.rater.pricing.Given.row;
import static io.tallystick.rater.pricing.Given.subscription;
import static io.tallystick.rater.pricing.Given.unit;
import static io.tallystick.rater.pricing.Given.usage;
import static io.tallystick.rater.pricing.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.RateCard;
import io.tallystick.schemas.catalog.Subscription;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UsageCostTest {

    private static final String LONG_AGO = "2025-01-01T00:00:00Z";
    private static final Subscription ACME = subscription(LONG_AGO, null);
    private static final Charge BY_MODEL =
            matrix("tokens", "tokens", Price.of(unit("0")), List.of(), row("3", "model", "a"), row("2", "model", "b"));

    private static RateCard.Rate rate(String model, String unitCost) {
        TreeMap<String, List<String>> where = new TreeMap<>();
        if (!model.isEmpty()) {
            where.put("model", List.of(model));
        }
        return new RateCard.Rate(where, number(unitCost));
    }

    private static RateCard card(String from, String currency, RateCard.Rate... rates) {
        return new RateCard(Instant.parse(from), currency, BigDecimal.TEN, Arrays.asList(rates));
    }

    private static Catalog priced(Charge charge, RateCard... cards) {
        Meter plain = meter("tokens", Aggregation.SUM, "model", "region");
        Meter meter = new Meter(
                plain.meter(),
                "",
                plain.eventType(),
                plain.aggregation(),
                plain.value(),
                plain.dimensions(),
                plain.where(),
                "",
                null,
                true,
                plain.valueKind(),
                null,
                List.of(cards));
        return catalog(List.of(meter), version("v1", LONG_AGO, charge));
    }

    private static UsageCost cost(Catalog catalog) {
        TestingUsage usage = new TestingUsage(catalog)
                .with("tokens", "2026-04-02T00:00:00Z", dimensions("model", "a", "region", "eu"), "100")
                .with("tokens", "2026-04-20T00:00:00Z", dimensions("model", "a", "region", "us"), "100")
                .with("tokens", "2026-04-20T00:00:00Z", dimensions("model", "b", "region", "us"), "50");
        RatedPeriod rated = PeriodRating.rate(catalog, ACME, APRIL, usage);
        return UsageCost.of(catalog, ACME, APRIL, "USD", usage, rated.lines());
    }

    private static List<String> rows(UsageCost cost) {
        return cost.rows().stream()
                .map(row -> row.dimensions().get("model") + " " + row.quantity().shown() + " "
                        + (row.cost() == null ? "-" : row.cost().shown()) + " " + row.revenue())
                .toList();
    }

    @Test
    void eachModelHasItsCostBesideWhatItBringsIn() {
        UsageCost cost = cost(priced(BY_MODEL, card(LONG_AGO, "USD", rate("a", "5"), rate("", "1"))));

        assertThat(rows(cost)).containsExactly("a 200 100 600.00", "b 50 5 100.00");
        assertThat(cost.total()).isEqualTo(number("105.00"));
        assertThat(cost.margin()).isEqualTo(number("595.00"));
        assertThat(cost.complete()).isTrue();
    }

    @Test
    void aNewRateHoldsFromItsDate() {
        UsageCost cost = cost(priced(
                BY_MODEL, card("2026-04-20T00:00:00Z", "USD", rate("", "2")), card(LONG_AGO, "USD", rate("", "1"))));

        assertThat(cost.total()).isEqualTo(number("40.00")); // 10 before, 30 after
    }

    @Test
    void usageWithoutARateOrBeforeTheFirstCardShowsAsSuch() {
        UsageCost noRate = cost(priced(BY_MODEL, card(LONG_AGO, "USD", rate("a", "5"))));
        assertThat(rows(noRate)).containsExactly("a 200 100 600.00", "b 50 - 100.00");
        assertThat(noRate.complete()).isFalse();

        UsageCost tooEarly = cost(priced(BY_MODEL, card("2026-04-20T00:00:00Z", "USD", rate("", "1"))));
        assertThat(tooEarly.total()).isEqualTo(number("15.00"));
        assertThat(tooEarly.complete()).isFalse();
    }

    @Test
    void anotherCurrencyIsNotAdded() {
        UsageCost cost = cost(priced(BY_MODEL, card(LONG_AGO, "EUR", rate("", "1"))));

        assertThat(cost.total()).isEqualTo(number("0.00"));
        assertThat(cost.complete()).isFalse();
        assertThat(cost.rows()).allMatch(row -> row.currency().equals("EUR") && row.revenue() == null);
    }

    @Test
    void whereLinesDoNotTellModelsApartOnlyTheTotalHasAMargin() {
        UsageCost cost = cost(
                priced(usage("tokens", "tokens", unit("1")), card(LONG_AGO, "USD", rate("a", "5"), rate("", "1"))));

        assertThat(rows(cost)).containsExactly("a 200 100 null", "b 50 5 null");
        assertThat(cost.margin()).isEqualTo(number("145.00"));
    }

    @Test
    void whatNoChargeBillsAndMetersWithoutACardCostNothing() {
        assertThat(cost(priced(BY_MODEL)).rows()).isEmpty();
        Catalog other = priced(usage("other", "elsewhere", unit("1")), card(LONG_AGO, "USD", rate("", "1")));
        assertThat(cost(other).rows()).isEmpty();
    }
}

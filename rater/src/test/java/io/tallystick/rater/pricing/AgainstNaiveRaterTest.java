package io.tallystick.rater.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rating core against the naive rater, over random catalogues and usage. A failure names its seed: run with {@code -Drating.seed=…} to see it again. */
class AgainstNaiveRaterTest {

    private static final int CHARGES = 3_000;
    private static final int PERIODS = 1_500;
    private static final BigDecimal LEAST_UNIT = new BigDecimal("0.000000000001");

    @Test
    void everyModelAgreesAtAroundAndBetweenItsBounds() {
        for (long seed : seeds(CHARGES)) {
            RandomCatalogs draw = new RandomCatalogs(seed);
            PriceModel model = draw.usageModel();
            Price price = draw.price(model);
            String currency = draw.currency();
            for (BigDecimal quantity : quantities(draw, price)) {
                List<BigDecimal> events = eventsOf(draw, quantity);

                PriceAnswer answer =
                        PriceAnswer.to(new PriceRequest(Given.usage("c", "m", price), currency, null, events));

                Ratio exact = NaivePrice.exact(price, Ratio.of(quantity), events, Ratio.of("1"), Ratio.of("1"));
                BigDecimal amount = exact.rounded(MinorUnits.of(currency), "half_up");
                if (price.minimum() != null) {
                    amount = amount.max(Ratio.of(price.minimum()).rounded(MinorUnits.of(currency), "half_up"));
                }
                assertThat(answer.amount())
                        .as("seed %d: %s of %s in %s", seed, events, price, currency)
                        .isEqualTo(amount);
                assertThat(new Ratio(answer.exact().numerator(), answer.exact().denominator())
                                .minus(exact)
                                .sign())
                        .as("seed %d: exact amount of %s under %s", seed, events, price)
                        .isZero();
            }
        }
    }

    @Test
    void wholePeriodsAgreeLineByLine() {
        int lines = 0;
        long credits = 0;
        for (long seed : seeds(PERIODS)) {
            RandomCatalogs draw = new RandomCatalogs(seed);
            Catalog catalog = draw.catalog();
            Subscription subscription = draw.subscription();
            BillingPeriods periods = BillingPeriods.of(subscription);
            Period period = periods.containing(draw.hour(24 * 45));
            TestingUsage usage = draw.usage(catalog, period);

            RatedPeriod rated = PeriodRating.rate(catalog, subscription, period, usage);

            Map<String, BigDecimal> naive =
                    new NaiveRater(catalog, subscription, usage.events()).bill(period, periods.next(period));
            assertThat(amounts(rated)).as("seed %d: lines of %s", seed, period).isEqualTo(naive);
            assertThat(rated.total())
                    .as("seed %d: total", seed)
                    .isEqualByComparingTo(naive.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add));
            lines += naive.size();
            credits += naive.keySet().stream()
                    .filter(line -> line.startsWith("credit/"))
                    .count();
        }
        assertThat(lines).as("draws that are worth comparing").isGreaterThan(3 * PERIODS);
        assertThat(credits).as("draws with a cap or a credit").isGreaterThan(PERIODS / 20);
    }

    private static List<Long> seeds(int count) {
        String given = System.getProperty("rating.seed");
        return given == null
                ? Stream.iterate(1L, seed -> seed + 1).limit(count).toList()
                : List.of(Long.parseLong(given));
    }

    private static Map<String, BigDecimal> amounts(RatedPeriod rated) {
        Map<String, BigDecimal> amounts = new TreeMap<>();
        for (LineItem line : rated.lines()) {
            assertThat(amounts.put(line.line(), line.amount()))
                    .as("lines of one name %s", line.line())
                    .isNull();
        }
        return amounts;
    }

    /** Zero, random ones, and for every tier bound the metered quantity that hits it exactly, just misses it, and just passes it. */
    private static List<BigDecimal> quantities(RandomCatalogs draw, Price price) {
        List<BigDecimal> quantities = new ArrayList<>(List.of(
                BigDecimal.ZERO, draw.decimal(), draw.decimal(), draw.decimal().negate(), draw.large()));
        for (BigDecimal bound : bounds(price.model())) {
            BigDecimal metered =
                    bound.add(price.included()).multiply(price.divideBy()).divide(price.multiplyBy());
            quantities.add(metered);
            quantities.add(metered.subtract(LEAST_UNIT));
            quantities.add(metered.add(LEAST_UNIT));
            quantities.add(metered.subtract(BigDecimal.ONE));
            quantities.add(metered.add(BigDecimal.ONE));
        }
        return quantities;
    }

    private static List<BigDecimal> bounds(PriceModel model) {
        if (model instanceof PriceModel.Graduated graduated) {
            return given(graduated.tiers().stream().map(PriceModel.Tier::upTo));
        }
        if (model instanceof PriceModel.Volume volume) {
            return given(volume.tiers().stream().map(PriceModel.Tier::upTo));
        }
        if (model instanceof PriceModel.GraduatedPercentage graduated) {
            return given(graduated.tiers().stream().map(PriceModel.PercentTier::upTo));
        }
        if (model instanceof PriceModel.PerPackage packages) {
            return List.of(packages.size(), packages.size().multiply(BigDecimal.valueOf(7)));
        }
        if (model instanceof PriceModel.Percentage percentage && percentage.freeAmount() != null) {
            return List.of(percentage.freeAmount());
        }
        return List.of();
    }

    private static List<BigDecimal> given(Stream<BigDecimal> bounds) {
        return bounds.filter(bound -> bound != null).toList();
    }

    /** The quantity cut into a few events, some of them of nothing. */
    private static List<BigDecimal> eventsOf(RandomCatalogs draw, BigDecimal quantity) {
        List<BigDecimal> events = new ArrayList<>();
        BigDecimal left = quantity;
        for (int i = draw.below(8); i > 0; i--) {
            BigDecimal part = draw.chance(5) ? BigDecimal.ZERO : draw.signed();
            events.add(part);
            left = left.subtract(part);
        }
        events.add(draw.below(events.size() + 1), left);
        return events;
    }
}

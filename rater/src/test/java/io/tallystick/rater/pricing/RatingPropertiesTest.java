package io.tallystick.rater.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every catalogue and every usage. A failure names its seed: run with {@code -Drating.seed=…} to see it again. */
class RatingPropertiesTest {

    private static final int DRAWS = 500;

    /** One random subscription with its usage in one period. */
    private record Drawn(long seed, RandomCatalogs draw, Catalog catalog, Subscription subscription, Period period) {

        static Drawn of(long seed) {
            RandomCatalogs draw = new RandomCatalogs(seed);
            Catalog catalog = draw.catalog();
            Subscription subscription = draw.subscription();
            Period period = BillingPeriods.of(subscription).containing(draw.hour(24 * 45));
            return new Drawn(seed, draw, catalog, subscription, period);
        }

        RatedPeriod rate(Catalog catalog, TestingUsage usage) {
            return PeriodRating.rate(catalog, subscription, period, usage);
        }
    }

    @Test
    void theSumOfTheLinesIsTheTotalAndNoNameIsThereTwice() {
        forEveryDraw(drawn -> {
            RatedPeriod rated = drawn.rate(drawn.catalog(), drawn.draw().usage(drawn.catalog(), drawn.period()));

            BigDecimal sum = rated.lines().stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(rated.total()).as("seed %d", drawn.seed()).isEqualByComparingTo(sum);
            assertThat(rated.lines())
                    .as("seed %d", drawn.seed())
                    .extracting(LineItem::line)
                    .doesNotHaveDuplicates();
            assertThat(rated.lines()).as("seed %d", drawn.seed()).isSortedAccordingTo(LineItem.INVOICE_ORDER);
        });
    }

    @Test
    void ratingTwiceAndInAnotherOrderOfArrivalGivesTheSame() {
        forEveryDraw(drawn -> {
            TestingUsage usage = drawn.draw().usage(drawn.catalog(), drawn.period());
            List<TestingUsage.Event> shuffled = new ArrayList<>(withTimesOfTheirOwn(usage.events()));
            TestingUsage ordered = new TestingUsage(drawn.catalog());
            shuffled.forEach(ordered::with);
            Collections.shuffle(shuffled, new Random(drawn.seed()));
            TestingUsage disordered = new TestingUsage(drawn.catalog());
            shuffled.forEach(disordered::with);

            RatedPeriod rated = drawn.rate(drawn.catalog(), ordered);

            assertThat(drawn.rate(drawn.catalog(), ordered))
                    .as("seed %d", drawn.seed())
                    .isEqualTo(rated);
            assertThat(drawn.rate(drawn.catalog(), disordered))
                    .as("seed %d", drawn.seed())
                    .isEqualTo(rated);
        });
    }

    @Test
    void splittingUsageOverMoreEventsChangesNoModelThatRatesThePeriod() {
        for (long seed : seeds()) {
            RandomCatalogs draw = new RandomCatalogs(seed);
            PriceModel model = draw.usageModel();
            if (model instanceof PriceModel.Percentage) {
                continue; // rates single events
            }
            Price price = draw.price(model);
            BigDecimal one = draw.signed();
            BigDecimal other = draw.signed();

            PriceAnswer whole = answer(price, one.add(other));
            PriceAnswer split = answer(price, one, other);

            assertThat(split)
                    .as("seed %d: %s and %s under %s", seed, one, other, price)
                    .isEqualTo(whole);
        }
    }

    @Test
    void moreUsageNeverLowersAGraduatedCharge() {
        for (long seed : seeds()) {
            RandomCatalogs draw = new RandomCatalogs(seed);
            Price price = draw.price(new PriceModel.Graduated(draw.tiers()));
            BigDecimal less = draw.signed();
            BigDecimal more = less.add(draw.decimal());

            assertThat(answer(price, more).amount())
                    .as("seed %d: %s, then %s under %s", seed, less, more, price)
                    .isGreaterThanOrEqualTo(answer(price, less).amount());
            assertThat(answer(price, more).exact())
                    .as("seed %d: %s, then %s under %s", seed, less, more, price)
                    .isGreaterThanOrEqualTo(answer(price, less).exact());
        }
    }

    @Test
    void aVersionThatBeginsAtThePeriodsStartRatesAsOneThatAlwaysHeld() {
        forEveryDraw(drawn -> {
            PricingVersion drawnVersion = anyVersion(drawn.catalog());
            PricingVersion before = anyVersion(new RandomCatalogs(drawn.seed() + 1).catalog());
            Instant start = drawn.period().start();
            Catalog always = with(drawn.catalog(), dated(drawnVersion, "v", start.minus(Duration.ofDays(999))));
            Catalog since = with(
                    drawn.catalog(),
                    dated(before, "before", start.minus(Duration.ofDays(999))),
                    dated(drawnVersion, "v", start));
            TestingUsage usage = drawn.draw().usage(always, drawn.period());

            assertThat(drawn.rate(since, usage)).as("seed %d", drawn.seed()).isEqualTo(drawn.rate(always, usage));
        });
    }

    @Test
    void aVersionThatBeginsAtThePeriodsEndChangesOnlyTheNextPeriodsFees() {
        forEveryDraw(drawn -> {
            PricingVersion version = anyVersion(drawn.catalog());
            PricingVersion after = anyVersion(new RandomCatalogs(drawn.seed() + 1).catalog());
            Instant longAgo = drawn.period().start().minus(Duration.ofDays(999));
            Catalog without = with(drawn.catalog(), dated(version, "v", longAgo));
            Catalog with = with(
                    drawn.catalog(),
                    dated(version, "v", longAgo),
                    dated(after, "after", drawn.period().end()));
            TestingUsage usage = drawn.draw().usage(without, drawn.period());

            assertThat(ofPeriod(drawn.rate(with, usage)))
                    .as("seed %d", drawn.seed())
                    .isEqualTo(ofPeriod(drawn.rate(without, usage)));
        });
    }

    @Test
    void aVersionThatRepeatsThePlanInsideThePeriodChangesNothing() {
        forEveryDraw(drawn -> {
            PricingVersion version = anyVersion(drawn.catalog());
            Instant middle = drawn.period()
                    .start()
                    .plus(Duration.ofHours(1 + drawn.draw().below(23)));
            Catalog once = with(
                    drawn.catalog(), dated(version, "v", drawn.period().start().minus(Duration.ofDays(999))));
            Catalog twice = with(
                    drawn.catalog(),
                    dated(version, "v", drawn.period().start().minus(Duration.ofDays(999))),
                    dated(version, "w", middle));
            TestingUsage usage = drawn.draw().usage(once, drawn.period());

            // Where the subscription, or the next period, starts behind it, lines name the later version.
            assertThat(amounts(drawn.rate(twice, usage)))
                    .as("seed %d", drawn.seed())
                    .isEqualTo(amounts(drawn.rate(once, usage)));
        });
    }

    private static void forEveryDraw(Consumer<Drawn> check) {
        for (long seed : seeds()) {
            check.accept(Drawn.of(seed));
        }
    }

    private static List<Long> seeds() {
        String given = System.getProperty("rating.seed");
        return given == null
                ? Stream.iterate(1L, seed -> seed + 1).limit(DRAWS).toList()
                : List.of(Long.parseLong(given));
    }

    private static PriceAnswer answer(Price price, BigDecimal... events) {
        Charge charge = Given.usage("c", "m", price);
        return PriceAnswer.to(new PriceRequest(charge, "USD", null, List.of(events)));
    }

    /** No two events at one time: then the order of arrival decides nothing. */
    private static List<TestingUsage.Event> withTimesOfTheirOwn(List<TestingUsage.Event> events) {
        List<TestingUsage.Event> apart = new ArrayList<>();
        for (TestingUsage.Event event : events) {
            if (apart.stream().noneMatch(other -> other.time().equals(event.time()))) {
                apart.add(event);
            }
        }
        return apart;
    }

    private static List<LineItem> ofPeriod(RatedPeriod rated) {
        return rated.lines().stream()
                .filter(line -> line.period().start().isBefore(rated.period().end()))
                .toList();
    }

    private static List<String> amounts(RatedPeriod rated) {
        return rated.lines().stream()
                .map(line -> line.line() + " " + line.amount())
                .toList();
    }

    private static PricingVersion anyVersion(Catalog catalog) {
        return catalog.pricing().values().stream()
                .filter(version -> version.plan("growth").isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static PricingVersion dated(PricingVersion version, String name, Instant effectiveFrom) {
        return new PricingVersion(name, "", effectiveFrom, "USD", version.plans());
    }

    private static Catalog with(Catalog catalog, PricingVersion... versions) {
        return Given.catalog(List.copyOf(catalog.meters().values()), versions);
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.MatrixRow;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.RoundingDirection;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Transition;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Catalogues, subscriptions and usage drawn from one seed: the same seed, the same draw. */
final class RandomCatalogs {

    private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "KWD", "CLF");
    private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia");
    private static final List<String> DIMENSIONS = List.of("kind", "model");
    private static final List<String> VALUES = List.of("", "a", "b", "c");
    private static final Instant BASE = Instant.parse("2026-03-20T00:00:00Z");

    private final Random random;

    RandomCatalogs(long seed) {
        this.random = new Random(seed);
    }

    String currency() {
        return oneOf(CURRENCIES);
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Up to six digits with up to four decimals, not negative. */
    BigDecimal decimal() {
        return BigDecimal.valueOf(random.nextInt(chance(3) ? 1_000_000 : 1_000), random.nextInt(5));
    }

    BigDecimal positive() {
        return decimal().add(new BigDecimal("0.01"));
    }

    BigDecimal signed() {
        return chance(4) ? decimal().negate() : decimal();
    }

    // ---- prices

    PriceModel usageModel() {
        return switch (random.nextInt(7)) {
            case 0 -> new PriceModel.PerUnit(signed(), chance(3) ? decimal() : BigDecimal.ONE);
            case 1 -> new PriceModel.Graduated(tiers());
            case 2 -> new PriceModel.Volume(tiers());
            case 3 ->
                new PriceModel.PerPackage(
                        positive(), signed(), chance(2) ? RoundingDirection.UP : RoundingDirection.DOWN);
            case 4 -> percentage();
            case 5 ->
                new PriceModel.GraduatedPercentage(tiers().stream()
                        .map(tier -> new PriceModel.PercentTier(tier.upTo(), tier.unitPrice(), tier.flat()))
                        .toList());
            default -> new PriceModel.Dynamic(signed());
        };
    }

    List<PriceModel.Tier> tiers() {
        List<PriceModel.Tier> tiers = new ArrayList<>();
        BigDecimal bound = BigDecimal.ZERO;
        for (int i = random.nextInt(4); i > 0; i--) {
            bound = bound.add(chance(2) ? BigDecimal.valueOf(1 + random.nextInt(100)) : positive());
            tiers.add(new PriceModel.Tier(bound, decimal(), chance(2) ? BigDecimal.ZERO : decimal()));
        }
        tiers.add(new PriceModel.Tier(null, decimal(), chance(2) ? BigDecimal.ZERO : decimal()));
        return tiers;
    }

    private PriceModel percentage() {
        BigDecimal least = chance(3) ? decimal() : null;
        return new PriceModel.Percentage(
                decimal(),
                chance(2) ? BigDecimal.ZERO : decimal(),
                chance(2) ? (long) random.nextInt(6) : null,
                chance(2) ? decimal() : null,
                least,
                chance(3) ? (least == null ? decimal() : least.add(decimal())) : null);
    }

    Price price(PriceModel model) {
        boolean percentage = model instanceof PriceModel.Percentage;
        boolean flat = model instanceof PriceModel.Flat;
        boolean converts = !percentage && !flat;
        BigDecimal maximum = chance(4) ? decimal() : null;
        BigDecimal minimum = chance(4) ? decimal() : null;
        if (maximum != null && minimum != null) {
            maximum = maximum.max(minimum);
        }
        return new Price(
                model,
                converts && chance(3) ? oneOf(numbers("2", "0.5", "10", "1024")) : BigDecimal.ONE,
                converts && chance(3) ? oneOf(numbers("3", "7", "1000", "0.3", "60")) : BigDecimal.ONE,
                converts && chance(4)
                        ? new Price.QuantityRounding(oneOf(List.of(RoundingDirection.values())), random.nextInt(6) - 2)
                        : null,
                converts && chance(2) ? decimal() : BigDecimal.ZERO,
                chance(4) ? oneOf(numbers("10", "33.3", "100", "0.5")) : BigDecimal.ZERO,
                maximum,
                minimum);
    }

    private static List<BigDecimal> numbers(String... texts) {
        return Arrays.stream(texts).map(BigDecimal::new).toList();
    }

    // ---- whole catalogues

    Catalog catalog() {
        String currency = currency();
        List<Meter> meters = new ArrayList<>();
        for (Aggregation aggregation : Aggregation.values()) {
            meters.add(Given.meter(aggregation.text(), aggregation, "kind", "model"));
        }
        List<PricingVersion> versions = new ArrayList<>();
        List<Charge> charges = charges();
        Instant effective = Instant.parse("2025-06-01T00:00:00Z");
        for (int i = 0; i <= random.nextInt(4); i++) {
            BigDecimal commitment = chance(3) ? decimal() : null;
            Plan plan = new Plan(chance(8) && i > 0 ? "other" : "growth", "", commitment, charges);
            versions.add(new PricingVersion("v" + i, "", effective, currency, List.of(plan)));
            effective = chance(4)
                    ? oneOf(List.of(Given.APRIL.start(), Given.MAY.start()))
                    : hour(24 * 60).plus(Duration.ofSeconds(i));
            effective = Instant.ofEpochSecond(effective.getEpochSecond() / 3600 * 3600);
            charges = nextCharges(charges);
        }
        return Given.catalog(meters, eased(distinctDates(versions)));
    }

    private static PricingVersion[] distinctDates(List<PricingVersion> versions) {
        SortedMap<Instant, PricingVersion> byDate = new TreeMap<>();
        versions.forEach(version -> byDate.putIfAbsent(version.effectiveFrom(), version));
        return byDate.values().toArray(PricingVersion[]::new);
    }

    /** Some of the later versions ease the way to themselves from some earlier one. */
    private PricingVersion[] eased(PricingVersion[] byDate) {
        List<String> earlier = new ArrayList<>();
        for (int i = 0; i < byDate.length; i++) {
            PricingVersion version = byDate[i];
            Plan plan = version.plans().get(0);
            if (plan.plan().equals("growth")) {
                if (!earlier.isEmpty() && chance(2)) {
                    Plan eased =
                            new Plan(plan.plan(), "", plan.commitment(), plan.charges(), transition(oneOf(earlier)));
                    byDate[i] = new PricingVersion(
                            version.version(), "", version.effectiveFrom(), version.currency(), List.of(eased));
                }
                earlier.add(version.version());
            }
        }
        return byDate;
    }

    private Transition transition(String from) {
        Transition.Cap cap = new Transition.Cap(from, oneOf(numbers("0", "20", "33.3", "150")), 1 + random.nextInt(60));
        Transition.Relief credit = new Transition.Relief(oneOf(numbers("0.01", "5", "33.33")), 1 + random.nextInt(60));
        return chance(3) ? new Transition(null, credit) : new Transition(cap, chance(2) ? credit : null);
    }

    private List<Charge> charges() {
        List<Charge> charges = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            charges.add(charge("c" + i));
        }
        return charges;
    }

    /** Some charges as they are, some written in other digits, some with another price, some gone, some new. */
    private List<Charge> nextCharges(List<Charge> before) {
        List<Charge> charges = new ArrayList<>();
        for (Charge charge : before) {
            switch (random.nextInt(5)) {
                case 0 -> charges.add(charge);
                case 1 -> charges.add(rewritten(charge));
                case 2, 3 -> charges.add(charge(charge.charge()));
                default -> {}
            }
        }
        if (charges.isEmpty() || chance(3)) {
            charges.add(charge("n" + random.nextInt(1000)));
        }
        return charges;
    }

    private Charge charge(String name) {
        if (chance(4)) {
            PriceModel flat = new PriceModel.Flat(decimal());
            return new Charge(
                    name,
                    "",
                    null,
                    price(flat),
                    new TreeMap<>(),
                    List.of(),
                    List.of(),
                    chance(2) ? Timing.IN_ADVANCE : Timing.IN_ARREARS,
                    chance(2));
        }
        PriceModel model = usageModel();
        // Single events are kept by every meter here but the time-weighted one, which has no percentage.
        List<Aggregation> aggregations = new ArrayList<>(List.of(Aggregation.values()));
        aggregations.addAll(List.of(Aggregation.SUM, Aggregation.SUM, Aggregation.SUM));
        if (model instanceof PriceModel.Percentage) {
            aggregations = List.of(Aggregation.SUM);
        }
        List<MatrixRow> matrix = new ArrayList<>();
        for (int i = chance(2) ? random.nextInt(5) : 0; i > 0; i--) {
            matrix.add(new MatrixRow(where(), price(model)));
        }
        return new Charge(
                name,
                "",
                oneOf(aggregations).text(),
                price(model),
                chance(4) ? where() : new TreeMap<>(),
                chance(3) ? oneOf(List.of(List.of("kind"), List.of("model"), DIMENSIONS)) : List.of(),
                matrix,
                Timing.IN_ARREARS,
                false);
    }

    private SortedMap<String, List<String>> where() {
        SortedMap<String, List<String>> where = new TreeMap<>();
        for (String dimension : DIMENSIONS) {
            if (chance(2)) {
                where.put(dimension, chance(2) ? List.of(oneOf(VALUES)) : List.of("a", "b"));
            }
        }
        return where;
    }

    private static Charge rewritten(Charge charge) {
        return new Charge(
                charge.charge(),
                "",
                charge.meter(),
                rewritten(charge.price()),
                charge.where(),
                charge.groupBy(),
                charge.matrix().stream()
                        .map(row -> new MatrixRow(row.where(), rewritten(row.price())))
                        .toList(),
                charge.timing(),
                charge.prorate());
    }

    private static Price rewritten(Price price) {
        PriceModel model = price.model() instanceof PriceModel.PerUnit unit
                ? new PriceModel.PerUnit(longer(unit.unitPrice()), unit.multiplier())
                : price.model();
        return new Price(
                model,
                price.multiplyBy(),
                longer(price.divideBy()),
                price.rounding(),
                longer(price.included()),
                price.discountPercent(),
                price.maximum(),
                price.minimum());
    }

    private static BigDecimal longer(BigDecimal value) {
        return value.setScale(value.scale() + 2);
    }

    // ---- subscriptions and usage

    Subscription subscription() {
        Instant start = chance(3) ? hour(24 * 30) : Instant.parse("2025-07-01T00:00:00Z");
        Instant end = chance(3) ? hour(24 * 40).plus(Duration.ofDays(30)) : null;
        Subscription.Every every = oneOf(List.of(
                Subscription.Every.P1M, Subscription.Every.P1M, Subscription.Every.P1W, Subscription.Every.P1D));
        return new Subscription(
                "acme",
                "acme-main",
                "growth",
                start,
                end,
                new Subscription.BillingCycle(every, Instant.parse("2026-01-31T00:00:00Z"), ZoneId.of(oneOf(ZONES))),
                null,
                List.of(),
                Subscription.LateUsage.NEXT_INVOICE,
                null,
                null);
    }

    /** An hour within {@code range} hours of the base. */
    Instant hour(int range) {
        return BASE.plus(Duration.ofHours(random.nextInt(range)));
    }

    TestingUsage usage(Catalog catalog, Period around) {
        TestingUsage usage = new TestingUsage(catalog);
        long from = around.start().minus(Duration.ofDays(3)).toEpochMilli();
        long to = around.end().plus(Duration.ofDays(1)).toEpochMilli();
        List<String> meters = catalog.pricing().values().stream()
                .flatMap(version -> version.plans().stream())
                .flatMap(plan -> plan.charges().stream())
                .map(Charge::meter)
                .filter(meter -> meter != null)
                .toList();
        for (int i = meters.isEmpty() ? 0 : random.nextInt(60); i > 0; i--) {
            long time = from + (long) random.nextInt(1_000_000) * (to - from) / 1_000_000;
            if (chance(6)) {
                time = (chance(2) ? around.start() : around.end()).toEpochMilli() - random.nextInt(2);
            }
            SortedMap<String, String> values = new TreeMap<>();
            DIMENSIONS.forEach(dimension -> values.put(dimension, oneOf(VALUES)));
            usage.with(
                    new TestingUsage.Event(oneOf(meters), Instant.ofEpochMilli(time), Dimensions.of(values), signed()));
        }
        return usage;
    }

    /** A number of up to thirty digits. */
    BigDecimal large() {
        return new BigDecimal(new BigInteger(96, random), random.nextInt(13));
    }
}

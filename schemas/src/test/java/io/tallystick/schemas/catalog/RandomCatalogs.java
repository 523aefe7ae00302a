package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Valid catalogues that use everything the language has, the same for the same seed. */
final class RandomCatalogs {

    private static final List<String> TEXTS =
            List.of("", "a", "gpt-4o", "größe", "it's \"x\" \\ /", "line\nline", "\ud83d\ude00", "200", "true");
    private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/Bahia_Banderas", "+02:00", "Z");

    private final Random random;

    RandomCatalogs(long seed) {
        random = new Random(seed);
    }

    Catalog next() {
        SortedMap<String, Meter> meters = new TreeMap<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            Meter meter = meter("m" + i);
            meters.put(meter.meter(), meter);
        }
        SortedMap<String, PricingVersion> pricing = new TreeMap<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            pricing.put("v" + i, version("v" + i));
        }
        SortedMap<String, Subscription> subscriptions = new TreeMap<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            subscriptions.put("s" + i, subscription("s" + i));
        }
        return new Catalog(Catalog.Settings.DEFAULT, meters, pricing, subscriptions);
    }

    private Meter meter(String name) {
        Aggregation aggregation = oneOf(Aggregation.values());
        boolean isNumeric = aggregation != Aggregation.COUNT && aggregation != Aggregation.UNIQUE_COUNT;
        SortedMap<String, DataPath> dimensions = new TreeMap<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            dimensions.put("d" + i, path());
        }
        SortedMap<DataPath, List<String>> where = new TreeMap<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            where.put(path(), texts());
        }
        return new Meter(
                name,
                text(),
                "type" + random.nextInt(3),
                aggregation,
                aggregation == Aggregation.COUNT ? null : path(),
                dimensions,
                where,
                text(),
                isNumeric && random.nextBoolean() ? new Meter.Quantum(positive(), direction()) : null,
                aggregation == Aggregation.SUM && random.nextBoolean(),
                aggregation == Aggregation.TIME_WEIGHTED && random.nextBoolean()
                        ? Meter.ValueKind.DELTA
                        : Meter.ValueKind.LEVEL,
                maybe(this::instant),
                isNumeric && aggregation == Aggregation.SUM ? rateCards() : List.of());
    }

    private List<RateCard> rateCards() {
        List<RateCard> cards = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            RateCard.Rate rate = new RateCard.Rate(new TreeMap<>(), notNegative());
            cards.add(new RateCard(instant(), "USD", positive(), List.of(rate)));
        }
        return cards.stream().map(RateCard::effectiveFrom).distinct().count() == cards.size() ? cards : List.of();
    }

    private PricingVersion version(String name) {
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            List<Charge> charges = new ArrayList<>();
            for (int j = 0; j < random.nextInt(5); j++) {
                charges.add(charge("c" + j));
            }
            plans.add(new Plan("p" + i, text(), maybe(this::notNegative), charges, maybe(this::transition)));
        }
        return new PricingVersion(name, text(), instant(), random.nextBoolean() ? "USD" : "JPY", plans);
    }

    private Transition transition() {
        Transition.Cap cap =
                maybe(() -> new Transition.Cap("v0", notNegative().min(BigDecimal.TEN), 1 + random.nextInt(100)));
        Transition.Relief credit = new Transition.Relief(positive(), 1 + random.nextInt(100));
        return new Transition(cap, cap == null ? credit : maybe(() -> credit));
    }

    Charge charge(String name) {
        int model = random.nextInt(8);
        if (model == 0) {
            Price price = bounded(Price.of(new PriceModel.Flat(decimal())));
            Charge.Timing timing = random.nextBoolean() ? Charge.Timing.IN_ADVANCE : Charge.Timing.IN_ARREARS;
            return new Charge(
                    name, text(), null, price, new TreeMap<>(), List.of(), List.of(), timing, random.nextBoolean());
        }
        List<Charge.MatrixRow> matrix = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            matrix.add(new Charge.MatrixRow(where(), price(model)));
        }
        return new Charge(
                name,
                text(),
                "m" + random.nextInt(3),
                price(model),
                where(),
                random.nextBoolean() ? List.of() : List.of("d1", "d0"),
                matrix,
                Charge.Timing.IN_ARREARS,
                false);
    }

    private Price price(int model) {
        PriceModel priceModel = model(model);
        Price price = bounded(Price.of(priceModel));
        if (priceModel instanceof PriceModel.Percentage || random.nextBoolean()) {
            return price;
        }
        return new Price(
                priceModel,
                decimal(),
                positive().negate(),
                random.nextBoolean() ? null : new Price.QuantityRounding(direction(), random.nextInt(61) - 30),
                notNegative(),
                price.discountPercent(),
                price.maximum(),
                price.minimum());
    }

    private Price bounded(Price price) {
        BigDecimal minimum = maybe(this::notNegative);
        BigDecimal maximum = maybe(this::notNegative);
        boolean isUpsideDown = minimum != null && maximum != null && minimum.compareTo(maximum) > 0;
        return new Price(
                price.model(),
                price.multiplyBy(),
                price.divideBy(),
                price.rounding(),
                price.included(),
                new BigDecimal(BigInteger.valueOf(random.nextInt(10001)), 2),
                isUpsideDown ? minimum : maximum,
                isUpsideDown ? maximum : minimum);
    }

    private PriceModel model(int model) {
        return switch (model) {
            case 1 -> new PriceModel.PerUnit(decimal(), decimal());
            case 2 -> new PriceModel.Graduated(tiers());
            case 3 -> new PriceModel.Volume(tiers());
            case 4 ->
                new PriceModel.PerPackage(
                        positive(), decimal(), random.nextBoolean() ? RoundingDirection.UP : RoundingDirection.DOWN);
            case 5 -> percentage();
            case 6 ->
                new PriceModel.GraduatedPercentage(tiers().stream()
                        .map(tier -> new PriceModel.PercentTier(tier.upTo(), rate(), tier.flat()))
                        .toList());
            default -> new PriceModel.Dynamic(decimal());
        };
    }

    private PriceModel percentage() {
        BigDecimal least = maybe(this::notNegative);
        return new PriceModel.Percentage(
                rate(),
                decimal(),
                maybe(() -> (long) random.nextInt(1000)),
                maybe(this::notNegative),
                least,
                least == null ? maybe(this::notNegative) : maybe(() -> least.add(notNegative())));
    }

    private List<PriceModel.Tier> tiers() {
        List<PriceModel.Tier> tiers = new ArrayList<>();
        BigDecimal upTo = positive();
        for (int i = 0; i < random.nextInt(4); i++) {
            tiers.add(new PriceModel.Tier(upTo, decimal(), decimal()));
            upTo = upTo.add(positive());
        }
        tiers.add(new PriceModel.Tier(null, decimal(), decimal()));
        return tiers;
    }

    private Subscription subscription(String name) {
        Instant start = instant();
        return new Subscription(
                "tenant " + TEXTS.get(random.nextInt(TEXTS.size())),
                name,
                "p0",
                start,
                maybe(() -> start.plusSeconds(3600L * (1 + random.nextInt(10_000)))),
                new Subscription.BillingCycle(
                        oneOf(Subscription.Every.values()),
                        instant(),
                        ZoneId.of(ZONES.get(random.nextInt(ZONES.size())))),
                maybe(() -> "v0"),
                random.nextBoolean() ? List.of() : List.of("v1", "v0"),
                oneOf(Subscription.LateUsage.values()),
                maybe(this::limits),
                maybe(() -> random.nextBoolean()
                        ? new Subscription.Provider("stripe", "meter_events", "cus_1")
                        : new Subscription.Provider("paystack", "invoice", "CUS_x")));
    }

    private Subscription.Limits limits() {
        BigDecimal period = maybe(this::notNegative);
        boolean block = random.nextBoolean();
        return new Subscription.Limits(
                period,
                period == null ? notNegative() : maybe(this::notNegative),
                random.nextBoolean() ? List.of() : List.of(new BigDecimal("0.50"), new BigDecimal("1.0")),
                block,
                block ? maybe(() -> "small") : null);
    }

    private SortedMap<String, List<String>> where() {
        SortedMap<String, List<String>> where = new TreeMap<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            where.put("d" + i, texts());
        }
        return where;
    }

    /** Sorted, as conditions are kept. */
    private List<String> texts() {
        return random.nextBoolean() ? List.of(text()) : List.of("", "a", "z" + random.nextInt(9));
    }

    private DataPath path() {
        List<DataPath.Step> steps = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            steps.add(random.nextBoolean() ? new DataPath.Member(text()) : new DataPath.Index(random.nextInt(1000)));
        }
        return DataPath.of(steps);
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Instant instant() {
        return Instant.ofEpochSecond(3600L * (480_000 + random.nextInt(50_000)));
    }

    private RoundingDirection direction() {
        return oneOf(RoundingDirection.values());
    }

    private BigDecimal decimal() {
        return new BigDecimal(new BigInteger(random.nextInt(110), random), random.nextInt(20))
                .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate());
    }

    private BigDecimal notNegative() {
        return decimal().abs();
    }

    private BigDecimal positive() {
        return notNegative().add(new BigDecimal("0.001"));
    }

    private BigDecimal rate() {
        return new BigDecimal(BigInteger.valueOf(random.nextInt(100_001)), 2);
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }
}

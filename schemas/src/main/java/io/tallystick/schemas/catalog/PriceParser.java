package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the price fields of a charge, or of a matrix row with its charge behind it. */
final class PriceParser {

    static final List<String> MODELS =
            List.of("flat", "unit", "graduated", "volume", "package", "percentage", "graduated_percentage", "dynamic");

    /** The fields of all models together. */
    static final List<String> FIELDS = List.of(
            "amount",
            "unitPrice",
            "multiplier",
            "tiers",
            "size",
            "price",
            "round",
            "rate",
            "fixed",
            "freeEvents",
            "freeAmount",
            "minPerEvent",
            "maxPerEvent",
            "multiplyBy",
            "divideBy",
            "rounding",
            "included",
            "discountPercent",
            "maximum",
            "minimum");

    private static final int SCALE_MAX = 30;
    private static final long FREE_EVENTS_MAX = 1_000_000_000_000L;

    private PriceParser() {}

    /** What the usage is rated by that a row takes, or that a charge without a matrix bills. {@code model} is one of {@link #MODELS}. */
    static Price parse(FieldReader fields, String model) {
        boolean isFlat = model.equals("flat");
        boolean isPercentage = model.equals("percentage");
        PriceModel priceModel = model(fields, model);
        BigDecimal multiplyBy = BigDecimal.ONE;
        BigDecimal divideBy = BigDecimal.ONE;
        Price.@Nullable QuantityRounding rounding = null;
        BigDecimal included = BigDecimal.ZERO;
        if (isFlat || isPercentage) {
            refuseQuantityFields(fields, model);
        } else {
            multiplyBy = fields.decimal("multiplyBy", BigDecimal.ONE, DecimalRange.ANY);
            divideBy = fields.decimal("divideBy", BigDecimal.ONE, DecimalRange.NOT_ZERO);
            rounding = fields.optionalObject("rounding", "rounding")
                    .map(PriceParser::rounding)
                    .orElse(null);
            included = fields.decimal("included", BigDecimal.ZERO, DecimalRange.NOT_NEGATIVE);
        }
        BigDecimal discountPercent = fields.decimal("discountPercent", BigDecimal.ZERO, DecimalRange.DISCOUNT_PERCENT);
        Optional<BigDecimal> maximum = fields.optionalDecimal("maximum", DecimalRange.NOT_NEGATIVE);
        Optional<BigDecimal> minimum = fields.optionalDecimal("minimum", DecimalRange.NOT_NEGATIVE);
        if (isAbove(minimum, maximum)) {
            fields.error("minimum", "is greater than maximum");
        }
        return new Price(
                priceModel,
                multiplyBy,
                divideBy,
                rounding,
                included,
                discountPercent,
                maximum.orElse(null),
                minimum.orElse(null));
    }

    private static void refuseQuantityFields(FieldReader fields, String model) {
        for (String name : List.of("multiplyBy", "divideBy", "rounding", "included")) {
            if (fields.has(name)) {
                fields.error(name, "a " + model + " charge takes no " + name);
            }
        }
    }

    private static boolean isAbove(Optional<BigDecimal> one, Optional<BigDecimal> other) {
        return one.isPresent() && other.isPresent() && one.get().compareTo(other.get()) > 0;
    }

    private static Price.QuantityRounding rounding(FieldReader fields) {
        RoundingDirection mode = roundingMode(fields, "mode");
        int scale = (int) fields.whole("scale", -SCALE_MAX, SCALE_MAX);
        fields.close();
        return new Price.QuantityRounding(mode, scale);
    }

    static RoundingDirection roundingMode(FieldReader fields, String name) {
        return switch (fields.word(name, List.of("half_up", "up", "down"))) {
            case "up" -> RoundingDirection.UP;
            case "down" -> RoundingDirection.DOWN;
            default -> RoundingDirection.HALF_UP;
        };
    }

    private static PriceModel model(FieldReader fields, String model) {
        return switch (model) {
            case "unit" -> new PriceModel.PerUnit(fields.decimal("unitPrice", DecimalRange.ANY), multiplier(fields));
            case "graduated" -> new PriceModel.Graduated(tiers(fields, PriceParser::unitTier));
            case "volume" -> new PriceModel.Volume(tiers(fields, PriceParser::unitTier));
            case "package" -> perPackage(fields);
            case "percentage" -> percentage(fields);
            case "graduated_percentage" -> new PriceModel.GraduatedPercentage(tiers(fields, PriceParser::percentTier));
            case "dynamic" -> new PriceModel.Dynamic(multiplier(fields));
            default -> new PriceModel.Flat(fields.decimal("amount", DecimalRange.ANY));
        };
    }

    private static BigDecimal multiplier(FieldReader fields) {
        return fields.decimal("multiplier", BigDecimal.ONE, DecimalRange.ANY);
    }

    private static PriceModel perPackage(FieldReader fields) {
        BigDecimal size = fields.decimal("size", DecimalRange.POSITIVE);
        BigDecimal price = fields.decimal("price", DecimalRange.ANY);
        boolean isDown = fields.optionalWord("round", List.of("up", "down"))
                .filter("down"::equals)
                .isPresent();
        return new PriceModel.PerPackage(
                size.signum() == 0 ? BigDecimal.ONE : size,
                price,
                isDown ? RoundingDirection.DOWN : RoundingDirection.UP);
    }

    private static PriceModel percentage(FieldReader fields) {
        BigDecimal rate = fields.decimal("rate", DecimalRange.RATE_PERCENT);
        BigDecimal fixed = fields.decimal("fixed", BigDecimal.ZERO, DecimalRange.ANY);
        Optional<Long> freeEvents = fields.optionalWhole("freeEvents", 0, FREE_EVENTS_MAX);
        Optional<BigDecimal> freeAmount = fields.optionalDecimal("freeAmount", DecimalRange.NOT_NEGATIVE);
        Optional<BigDecimal> least = fields.optionalDecimal("minPerEvent", DecimalRange.NOT_NEGATIVE);
        Optional<BigDecimal> most = fields.optionalDecimal("maxPerEvent", DecimalRange.NOT_NEGATIVE);
        if (isAbove(least, most)) {
            fields.error("minPerEvent", "is greater than maxPerEvent");
        }
        return new PriceModel.Percentage(
                rate, fixed, freeEvents.orElse(null), freeAmount.orElse(null), least.orElse(null), most.orElse(null));
    }

    /** One tier as it is read; {@code make} turns it into the model's own. */
    private interface TierMaker<T> {
        T make(FieldReader fields, @Nullable BigDecimal upTo);
    }

    private static PriceModel.Tier unitTier(FieldReader fields, @Nullable BigDecimal upTo) {
        requireEither(fields, "unitPrice");
        return new PriceModel.Tier(
                upTo,
                fields.decimal("unitPrice", BigDecimal.ZERO, DecimalRange.ANY),
                fields.decimal("flat", BigDecimal.ZERO, DecimalRange.ANY));
    }

    private static PriceModel.PercentTier percentTier(FieldReader fields, @Nullable BigDecimal upTo) {
        requireEither(fields, "rate");
        return new PriceModel.PercentTier(
                upTo,
                fields.decimal("rate", BigDecimal.ZERO, DecimalRange.RATE_PERCENT),
                fields.decimal("flat", BigDecimal.ZERO, DecimalRange.ANY));
    }

    /** A tier has a price or a flat amount; it may have both. */
    private static void requireEither(FieldReader fields, String name) {
        if (!fields.has("flat")) {
            fields.require(name);
        }
    }

    private static <T> List<T> tiers(FieldReader fields, TierMaker<T> maker) {
        List<FieldReader.Element> elements = fields.list("tiers");
        if (elements.isEmpty() && fields.value("tiers") instanceof List<?> list && list.isEmpty()) {
            fields.error("tiers", "has no tier; the last one is open: {upTo: null, …}");
        }
        if (!fields.has("tiers")) {
            return List.of(); // of a charge whose rows bring their own
        }
        TierBounds bounds = new TierBounds(elements.size());
        return elements.stream()
                .map(element -> {
                    FieldReader tier = FieldReader.of(fields.reading(), "tier", element.path(), element.tree());
                    BigDecimal upTo = bounds.next(tier);
                    T made = maker.make(tier, upTo);
                    tier.close();
                    return made;
                })
                .toList();
    }

    /** Holds tiers to their order: strictly ascending, and exactly the last one open. */
    private static final class TierBounds {
        private int left;
        private @Nullable BigDecimal before;

        TierBounds(int count) {
            left = count;
        }

        @Nullable
        BigDecimal next(FieldReader tier) {
            left--;
            Optional<BigDecimal> upTo = tier.optionalDecimal("upTo", DecimalRange.POSITIVE);
            boolean isGiven = tier.has("upTo");
            if (left == 0 && isGiven) {
                tier.error("upTo", "the last tier is open: upTo must be null");
                return null;
            }
            if (left > 0 && tier.isNull("upTo")) {
                tier.error("upTo", "only the last tier is open: upTo must be a number");
            } else if (left > 0) {
                tier.require("upTo");
            }
            if (upTo.isPresent() && before != null && upTo.get().compareTo(before) <= 0) {
                tier.error("upTo", "must be greater than the tier before, which ends at " + before.toPlainString());
            }
            before = upTo.orElse(before);
            return upTo.orElse(null);
        }
    }
}

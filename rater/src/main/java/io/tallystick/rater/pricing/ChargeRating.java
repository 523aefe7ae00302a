package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.LineItem.Kind;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one group: metered, converted, rounded, less what is included, through the model, less the discount, up to the maximum, rounded to the
 * currency, and a true-up to the minimum. That order is the contract's; nothing else in the rater rounds an amount.
 */
final class ChargeRating {

    /** Decimal places of the currency. */
    private final int scale;

    ChargeRating(int scale) {
        this.scale = scale;
    }

    /** The fee's line, also when it is 0, and its true-up if one is due. */
    RatedGroup fee(LineGroup group, Price price) {
        Priced priced = PriceModels.price(price.model(), Fraction.ZERO, Metered.NOTHING);
        Fraction exact = bounded(price, group, priced.amount());
        LineItem line = line(group, Kind.FEE, null, priced, exact);
        return withTrueUp(line, price, group);
    }

    /** The usage's line unless quantity and amount are 0, and its true-up if one is due. */
    RatedGroup usage(LineGroup group, Price price, Metered metered) {
        Fraction quantity = converted(price, metered.expected());
        Fraction included = Fraction.of(price.included()).times(group.share());
        Fraction billable = quantity.minus(included).max(quantity.min(Fraction.ZERO));
        Priced priced = PriceModels.price(price.model(), billable, metered);
        Fraction exact = bounded(price, group, priced.amount());
        Quantities quantities =
                new Quantities(metered.expected(), quantity, included, billable, unitPrice(price.model()));
        LineItem line = line(group, Kind.USAGE, quantities, priced, exact);
        return withTrueUp(line, price, group);
    }

    /** The line of usage that no price takes, unless it comes to 0: nothing is charged, but it shows. */
    RatedGroup unrated(LineGroup group, Fraction metered) {
        if (metered.isZero()) {
            return new RatedGroup(Fraction.ZERO, List.of());
        }
        Quantities quantities = new Quantities(metered, metered, null, null, null);
        LineItem line = line(group, Kind.UNRATED, quantities, new Priced(Fraction.ZERO, List.of()), Fraction.ZERO);
        return new RatedGroup(Fraction.ZERO, List.of(line));
    }

    /** The true-up of a plan's commitment, or nothing when {@code spent}, the sum of rounded lines, reaches it. */
    Optional<LineItem> commitment(Fraction commitment, BigDecimal spent, String pricingVersion, Period period) {
        BigDecimal missing = rounded(commitment).subtract(spent);
        return missing.signum() <= 0
                ? Optional.empty()
                : Optional.of(trueUp(
                        LineItem.COMMITMENT,
                        LineItem.COMMITMENT,
                        null,
                        "Minimum commitment",
                        Dimensions.NONE,
                        missing,
                        pricingVersion,
                        period));
    }

    private static Fraction converted(Price price, Fraction metered) {
        Fraction quantity = metered.times(price.multiplyBy()).dividedBy(Fraction.of(price.divideBy()));
        Price.QuantityRounding rounding = price.rounding();
        return rounding == null
                ? quantity
                : Fraction.of(quantity.rounded(rounding.scale(), rounding.mode().mode()));
    }

    private static Fraction bounded(Price price, LineGroup group, Fraction amount) {
        Fraction due = group.amountIsShared() ? amount.times(group.share()) : amount;
        Fraction kept = Fraction.ONE.minus(Fraction.of(price.discountPercent()).dividedBy(PriceModels.HUNDRED));
        Fraction discounted = due.times(kept);
        return price.maximum() == null
                ? discounted
                : discounted.min(Fraction.of(price.maximum()).times(group.share()));
    }

    private RatedGroup withTrueUp(LineItem line, Price price, LineGroup group) {
        List<LineItem> lines = new ArrayList<>(2);
        if (line.kind() == Kind.FEE || !isNothing(line)) {
            lines.add(line);
        }
        if (price.minimum() != null) {
            BigDecimal missing =
                    rounded(Fraction.of(price.minimum()).times(group.share())).subtract(line.amount());
            if (missing.signum() > 0) {
                lines.add(trueUp(
                        named(Kind.TRUE_UP, group),
                        group.charge().charge(),
                        group.charge().meter(),
                        group.description() + ", minimum",
                        group.dimensions(),
                        missing,
                        group.pricingVersion(),
                        group.period()));
            }
        }
        return new RatedGroup(line.exact(), lines);
    }

    private static boolean isNothing(LineItem line) {
        BigDecimal quantity = line.quantity();
        return line.amount().signum() == 0 && (quantity == null || quantity.signum() == 0);
    }

    private BigDecimal rounded(Fraction amount) {
        return amount.rounded(scale, RoundingMode.HALF_UP);
    }

    private static String named(Kind kind, LineGroup group) {
        return kind.text() + "/" + group.name();
    }

    private static @Nullable BigDecimal unitPrice(PriceModel model) {
        return model instanceof PriceModel.PerUnit unit ? PriceModels.effectiveUnitPrice(unit) : null;
    }

    /** What a line shows of the way from the meter to the model; null where it does not apply. */
    private record Quantities(
            Fraction metered,
            Fraction quantity,
            @Nullable Fraction included,
            @Nullable Fraction billable,
            @Nullable BigDecimal unitPrice) {}

    private LineItem line(LineGroup group, Kind kind, @Nullable Quantities quantities, Priced priced, Fraction exact) {
        return new LineItem(
                named(kind, group),
                kind,
                group.charge().charge(),
                group.charge().meter(),
                kind == Kind.UNRATED ? group.description() + ", no price" : group.description(),
                group.dimensions(),
                quantities == null ? null : shown(quantities.metered()),
                quantities == null ? null : shown(quantities.quantity()),
                quantities == null ? null : shown(quantities.included()),
                quantities == null ? null : shown(quantities.billable()),
                quantities == null ? null : quantities.unitPrice(),
                rounded(exact),
                exact,
                group.pricingVersion(),
                group.period(),
                priced.slices(),
                null);
    }

    private static LineItem trueUp(
            String name,
            String charge,
            @Nullable String meter,
            String description,
            Dimensions dimensions,
            BigDecimal amount,
            String pricingVersion,
            Period period) {
        return new LineItem(
                name,
                Kind.TRUE_UP,
                charge,
                meter,
                description,
                dimensions,
                null,
                null,
                null,
                null,
                null,
                amount,
                Fraction.of(amount),
                pricingVersion,
                period,
                List.of(),
                null);
    }

    private static @Nullable BigDecimal shown(@Nullable Fraction value) {
        return value == null ? null : value.shownDecimal();
    }
}

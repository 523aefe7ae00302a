package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.event.LineItem.TierSlice;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices by tiers. A tier's bound belongs to it; the next tier begins just above. A quantity below zero counts as zero. */
final class TierPricing {

    /**
     * A tier of either kind.
     *
     * @param upTo null for the open last one
     * @param perUnit what one unit in it costs: the unit price, or the hundredth part of the rate
     */
    record Step(
            @Nullable BigDecimal upTo,
            Fraction perUnit,
            @Nullable BigDecimal unitPrice,
            @Nullable BigDecimal rate,
            BigDecimal flat) {

        boolean holds(Fraction quantity) {
            return upTo == null || quantity.compareTo(Fraction.of(upTo)) <= 0;
        }

        TierSlice slice(Fraction quantity, Fraction amount) {
            return new TierSlice(upTo, quantity.shownDecimal(), unitPrice, rate, flat, amount.shownDecimal());
        }
    }

    private TierPricing() {}

    static List<Step> ofUnits(List<PriceModel.Tier> tiers) {
        return tiers.stream()
                .map(tier -> new Step(tier.upTo(), Fraction.of(tier.unitPrice()), tier.unitPrice(), null, tier.flat()))
                .toList();
    }

    static List<Step> ofPercents(List<PriceModel.PercentTier> tiers) {
        return tiers.stream()
                .map(tier -> new Step(
                        tier.upTo(),
                        Fraction.of(tier.rate()).dividedBy(PriceModels.HUNDRED),
                        null,
                        tier.rate(),
                        tier.flat()))
                .toList();
    }

    /** Each slice at its own tier, and the flat of every tier entered; the first is entered without usage. */
    static Priced graduated(List<Step> steps, Fraction billable) {
        Fraction quantity = billable.max(Fraction.ZERO);
        Fraction total = Fraction.ZERO;
        Fraction below = Fraction.ZERO;
        List<TierSlice> slices = new ArrayList<>();
        for (Step step : steps) {
            boolean last = step.holds(quantity);
            Fraction bound = last || step.upTo() == null ? quantity : Fraction.of(step.upTo());
            Fraction inTier = bound.minus(below);
            Fraction amount = inTier.times(step.perUnit()).plus(Fraction.of(step.flat()));
            slices.add(step.slice(inTier, amount));
            total = total.plus(amount);
            if (last) {
                break;
            }
            below = bound;
        }
        return new Priced(total, slices);
    }

    /** The whole quantity at the tier it ends in, and that tier's flat. */
    static Priced volume(List<Step> steps, Fraction billable) {
        Fraction quantity = billable.max(Fraction.ZERO);
        Step step = steps.stream()
                .filter(candidate -> candidate.holds(quantity))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the last tier is not open"));
        Fraction amount = quantity.times(step.perUnit()).plus(Fraction.of(step.flat()));
        return new Priced(amount, List.of(step.slice(quantity, amount)));
    }
}

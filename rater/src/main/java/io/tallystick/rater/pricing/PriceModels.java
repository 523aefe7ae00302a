package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.util.List;

/** The amount of a billable quantity under each price model, exact. Conversion, allowance and bounds are {@link ChargeRating}'s. */
final class PriceModels {

    static final Fraction HUNDRED = Fraction.of(100);

    private PriceModels() {}

    /**
     * @param billable the converted quantity less what is included
     * @param metered what the percentage model asks for the single events of
     */
    static Priced price(PriceModel model, Fraction billable, Metered metered) {
        if (model instanceof PriceModel.Flat flat) {
            return new Priced(Fraction.of(flat.amount()), List.of());
        }
        if (model instanceof PriceModel.PerUnit unit) {
            Fraction amount = billable.times(unit.unitPrice()).times(unit.multiplier());
            return Priced.whole(billable, effectiveUnitPrice(unit), null, BigDecimal.ZERO, amount);
        }
        if (model instanceof PriceModel.Graduated graduated) {
            return TierPricing.graduated(TierPricing.ofUnits(graduated.tiers()), billable);
        }
        if (model instanceof PriceModel.Volume volume) {
            return TierPricing.volume(TierPricing.ofUnits(volume.tiers()), billable);
        }
        if (model instanceof PriceModel.PerPackage packages) {
            return price(packages, billable);
        }
        if (model instanceof PriceModel.Percentage percentage) {
            return PercentagePricing.price(percentage, billable, metered);
        }
        if (model instanceof PriceModel.GraduatedPercentage graduated) {
            return TierPricing.graduated(TierPricing.ofPercents(graduated.tiers()), billable);
        }
        if (model instanceof PriceModel.Dynamic dynamic) {
            return Priced.whole(
                    billable, dynamic.multiplier(), null, BigDecimal.ZERO, billable.times(dynamic.multiplier()));
        }
        throw new AssertionError("a price model without a rule: " + model);
    }

    /** What one unit costs, as the catalogue writes it unless a multiplier changes it. */
    static BigDecimal effectiveUnitPrice(PriceModel.PerUnit unit) {
        return unit.multiplier().compareTo(BigDecimal.ONE) == 0
                ? unit.unitPrice()
                : unit.unitPrice().multiply(unit.multiplier());
    }

    private static Priced price(PriceModel.PerPackage model, Fraction billable) {
        Fraction used = billable.max(Fraction.ZERO);
        Fraction packages = Fraction.of(used.dividedBy(Fraction.of(model.size()))
                .rounded(0, model.round().mode()));
        return Priced.whole(packages, model.price(), null, BigDecimal.ZERO, packages.times(model.price()));
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.MatrixRow;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether two versions of a charge bill the same: however they write their numbers, order their lists, or describe themselves. */
final class SameCharge {

    private SameCharge() {}

    static boolean test(Charge one, Charge other) {
        return one.equals(other) || plain(one).equals(plain(other));
    }

    private static Charge plain(Charge charge) {
        return new Charge(
                charge.charge(),
                "",
                charge.meter(),
                plain(charge.price()),
                plain(charge.where()),
                charge.groupBy().stream().sorted().toList(),
                charge.matrix().stream()
                        .map(row -> new MatrixRow(plain(row.where()), plain(row.price())))
                        .toList(),
                charge.timing(),
                charge.prorate());
    }

    private static SortedMap<String, List<String>> plain(SortedMap<String, List<String>> where) {
        TreeMap<String, List<String>> plain = new TreeMap<>();
        where.forEach((name, values) -> plain.put(name, values.stream().sorted().toList()));
        return plain;
    }

    private static Price plain(Price price) {
        return new Price(
                plain(price.model()),
                number(price.multiplyBy()),
                number(price.divideBy()),
                price.rounding(),
                number(price.included()),
                number(price.discountPercent()),
                optional(price.maximum()),
                optional(price.minimum()));
    }

    private static PriceModel plain(PriceModel model) {
        if (model instanceof PriceModel.Flat flat) {
            return new PriceModel.Flat(number(flat.amount()));
        }
        if (model instanceof PriceModel.PerUnit unit) {
            return new PriceModel.PerUnit(number(unit.unitPrice()), number(unit.multiplier()));
        }
        if (model instanceof PriceModel.Graduated graduated) {
            return new PriceModel.Graduated(plain(graduated.tiers()));
        }
        if (model instanceof PriceModel.Volume volume) {
            return new PriceModel.Volume(plain(volume.tiers()));
        }
        if (model instanceof PriceModel.PerPackage packages) {
            return new PriceModel.PerPackage(number(packages.size()), number(packages.price()), packages.round());
        }
        if (model instanceof PriceModel.Percentage percentage) {
            return new PriceModel.Percentage(
                    number(percentage.rate()),
                    number(percentage.fixed()),
                    percentage.freeEvents(),
                    optional(percentage.freeAmount()),
                    optional(percentage.minPerEvent()),
                    optional(percentage.maxPerEvent()));
        }
        if (model instanceof PriceModel.GraduatedPercentage graduated) {
            return new PriceModel.GraduatedPercentage(graduated.tiers().stream()
                    .map(tier ->
                            new PriceModel.PercentTier(optional(tier.upTo()), number(tier.rate()), number(tier.flat())))
                    .toList());
        }
        if (model instanceof PriceModel.Dynamic dynamic) {
            return new PriceModel.Dynamic(number(dynamic.multiplier()));
        }
        throw new AssertionError("a price model without a rule: " + model);
    }

    private static List<PriceModel.Tier> plain(List<PriceModel.Tier> tiers) {
        return tiers.stream()
                .map(tier -> new PriceModel.Tier(optional(tier.upTo()), number(tier.unitPrice()), number(tier.flat())))
                .toList();
    }

    private static BigDecimal number(BigDecimal value) {
        return DecimalText.stripped(value);
    }

    private static @Nullable BigDecimal optional(@Nullable BigDecimal value) {
        return value == null ? null : number(value);
    }
}

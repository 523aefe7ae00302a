package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The amount of a charge by the letter of the contract, as plainly as it can be said: the price half of the naive rater. */
final class NaivePrice {

    private NaivePrice() {}

    /** What the usage of a line comes to behind the maximum, not rounded; {@code share} of the period, {@code amountShare} of the amount. */
    static Ratio exact(Price price, Ratio metered, List<BigDecimal> events, Ratio share, Ratio amountShare) {
        Ratio quantity = quantity(price, metered);
        Ratio billable = quantity.minus(Ratio.of(price.included()).times(share));
        Ratio least = quantity.sign() < 0 ? quantity : Ratio.ZERO;
        if (least.isAbove(billable)) {
            billable = least;
        }
        Ratio amount = model(price.model(), billable, events).times(amountShare);
        amount = amount.minus(amount.times(Ratio.of(price.discountPercent())).by(Ratio.of("100")));
        if (price.maximum() != null) {
            Ratio most = Ratio.of(price.maximum()).times(share);
            amount = amount.isAbove(most) ? most : amount;
        }
        return amount;
    }

    static Ratio quantity(Price price, Ratio metered) {
        Ratio quantity = metered.times(Ratio.of(price.multiplyBy())).by(Ratio.of(price.divideBy()));
        return price.rounding() == null
                ? quantity
                : Ratio.of(quantity.rounded(
                        price.rounding().scale(), price.rounding().mode().text()));
    }

    static Ratio model(PriceModel model, Ratio billable, List<BigDecimal> events) {
        Ratio used = billable.sign() < 0 ? Ratio.ZERO : billable;
        return switch (model.model()) {
            case "flat" -> Ratio.of(((PriceModel.Flat) model).amount());
            case "unit" -> {
                PriceModel.PerUnit unit = (PriceModel.PerUnit) model;
                yield Ratio.of(unit.unitPrice().multiply(unit.multiplier())).times(billable);
            }
            case "dynamic" ->
                Ratio.of(((PriceModel.Dynamic) model).multiplier()).times(billable);
            case "package" -> {
                PriceModel.PerPackage packages = (PriceModel.PerPackage) model;
                BigDecimal count = used.by(Ratio.of(packages.size()))
                        .rounded(0, packages.round().text());
                yield Ratio.of(count).times(Ratio.of(packages.price()));
            }
            case "graduated" -> graduated(steps(((PriceModel.Graduated) model).tiers()), used);
            case "volume" -> volume(steps(((PriceModel.Volume) model).tiers()), used);
            case "graduated_percentage" ->
                graduated(
                        ((PriceModel.GraduatedPercentage) model)
                                .tiers().stream()
                                        .map(tier -> new Step(
                                                tier.upTo(),
                                                Ratio.of(tier.rate()).by(Ratio.of("100")),
                                                Ratio.of(tier.flat())))
                                        .toList(),
                        used);
            case "percentage" -> percentage((PriceModel.Percentage) model, events);
            default -> throw new IllegalArgumentException(model.model());
        };
    }

    private record Step(BigDecimal upTo, Ratio price, Ratio flat) {}

    private static List<Step> steps(List<PriceModel.Tier> tiers) {
        return tiers.stream()
                .map(tier -> new Step(tier.upTo(), Ratio.of(tier.unitPrice()), Ratio.of(tier.flat())))
                .toList();
    }

    /** Prices the whole quantity at the first tier, then adds the difference of prices for all that is above each bound. */
    private static Ratio graduated(List<Step> steps, Ratio used) {
        Ratio amount = steps.get(0).price().times(used).plus(steps.get(0).flat());
        for (int i = 1; i < steps.size(); i++) {
            Ratio bound = Ratio.of(steps.get(i - 1).upTo());
            if (used.isAbove(bound)) {
                Ratio dearer = steps.get(i).price().minus(steps.get(i - 1).price());
                amount = amount.plus(used.minus(bound).times(dearer))
                        .plus(steps.get(i).flat());
            }
        }
        return amount;
    }

    /** Every bound that the quantity is above is one tier further. */
    private static Ratio volume(List<Step> steps, Ratio used) {
        int tier = 0;
        for (int i = 0; i + 1 < steps.size(); i++) {
            if (used.isAbove(Ratio.of(steps.get(i).upTo()))) {
                tier = i + 1;
            }
        }
        return steps.get(tier).price().times(used).plus(steps.get(tier).flat());
    }

    /** Finds the event that ends the allowance by sums over all events before each; that one and all behind it pay. */
    private static Ratio percentage(PriceModel.Percentage model, List<BigDecimal> events) {
        int first = events.size();
        BigDecimal partOfFirst = null;
        boolean noAllowance = model.freeEvents() == null && model.freeAmount() == null;
        for (int i = events.size() - 1; i >= 0; i--) {
            BigDecimal before = events.subList(0, i).stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal with = before.add(events.get(i));
            boolean noEventsLeft = model.freeEvents() != null && i >= model.freeEvents();
            boolean nothingLeft = model.freeAmount() != null && before.compareTo(model.freeAmount()) >= 0;
            boolean crosses = model.freeAmount() != null && with.compareTo(model.freeAmount()) > 0;
            if (noAllowance || noEventsLeft || nothingLeft || crosses) {
                first = i;
                partOfFirst =
                        noAllowance || noEventsLeft || nothingLeft ? events.get(i) : with.subtract(model.freeAmount());
            }
        }
        List<BigDecimal> paying = new ArrayList<>(events.subList(first, events.size()));
        if (!paying.isEmpty()) {
            paying.set(0, partOfFirst);
        }
        Ratio amount = Ratio.ZERO;
        for (BigDecimal value : paying) {
            Ratio price = Ratio.of(model.rate()).by(Ratio.of("100")).times(Ratio.of(value));
            price = price.plus(Ratio.of(model.fixed()));
            if (model.minPerEvent() != null && Ratio.of(model.minPerEvent()).isAbove(price)) {
                price = Ratio.of(model.minPerEvent());
            }
            if (model.maxPerEvent() != null && price.isAbove(Ratio.of(model.maxPerEvent()))) {
                price = Ratio.of(model.maxPerEvent());
            }
            amount = amount.plus(price);
        }
        return amount;
    }
}

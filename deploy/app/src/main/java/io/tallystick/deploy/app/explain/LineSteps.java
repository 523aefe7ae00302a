package io.tallystick.deploy.app.explain;

import io.tallystick.rater.pricing.LineFinder.Terms;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way from what the meter says to the amount, in the contract's order: each step with its value and its rule. */
final class LineSteps {

    private final List<Map<String, @Nullable Object>> steps = new ArrayList<>();

    private LineSteps() {}

    static List<Map<String, @Nullable Object>> of(LineItem item, String currency, Optional<Terms> terms) {
        LineSteps steps = new LineSteps();
        Price price = terms.map(Terms::price).orElse(null);
        Fraction share = terms.map(Terms::share).orElse(Fraction.ONE);
        steps.quantity("metered", item.metered(), "what " + item.meter() + " says of the line's period");
        steps.quantity("quantity", item.quantity(), price == null ? "" : conversion(price));
        steps.quantity("included", item.included(), share(share, "free units"));
        steps.quantity("billable", item.billable(), "quantity less included, not below 0 unless the quantity is");
        for (LineItem.TierSlice slice : item.tiers()) {
            BigDecimal each = slice.unitPrice();
            BigDecimal rate = slice.rate();
            String by = each != null
                    ? " x " + each.toPlainString()
                    : rate != null ? " x " + rate.toPlainString() + " %" : "";
            String flat = slice.flat().signum() == 0 ? "" : " + " + slice.flat().toPlainString();
            BigDecimal upTo = slice.upTo();
            steps.add(
                    "model",
                    DecimalText.canonical(slice.amount()),
                    DecimalText.canonical(slice.quantity())
                            + by
                            + flat
                            + (upTo == null ? "" : ", up to " + upTo.toPlainString()));
        }
        steps.add("exact", item.exact().shown(), price == null ? origin(item) : bounds(price, terms.get(), share));
        steps.add(
                "amount",
                item.amount().toPlainString(),
                "rounded once, half away from zero, to the " + item.amount().scale() + " decimals of " + currency);
        return steps.steps;
    }

    private static String conversion(Price price) {
        List<String> words = new ArrayList<>();
        if (price.multiplyBy().compareTo(BigDecimal.ONE) != 0) {
            words.add("times " + price.multiplyBy().toPlainString());
        }
        if (price.divideBy().compareTo(BigDecimal.ONE) != 0) {
            words.add("divided by " + price.divideBy().toPlainString());
        }
        Price.QuantityRounding rounding = price.rounding();
        if (rounding != null) {
            words.add("rounded " + rounding.mode().name().toLowerCase(Locale.ROOT) + " to " + rounding.scale()
                    + " decimals");
        }
        return words.isEmpty() ? "as metered" : String.join(", ", words);
    }

    private static String bounds(Price price, Terms terms, Fraction share) {
        List<String> words = new ArrayList<>();
        words.add(price.model().model());
        if (price.discountPercent().signum() != 0) {
            words.add("less " + price.discountPercent().toPlainString() + " %");
        }
        if (price.maximum() != null) {
            words.add("at most " + price.maximum().toPlainString());
        }
        if (price.minimum() != null) {
            words.add("with a line of its own up to " + price.minimum().toPlainString());
        }
        return share(share, terms.charge().charge() + ": " + String.join(", ", words));
    }

    private static String origin(LineItem item) {
        LineItem.Adjusts adjusts = item.adjusts();
        return adjusts == null
                ? item.kind().text()
                : "line " + adjusts.line() + " of the period that began "
                        + adjusts.period().start()
                        + ", rated again with what came late by " + adjusts.pricingVersion()
                        + ", less what was billed";
    }

    private static String share(Fraction share, String words) {
        return share.compareTo(Fraction.ONE) == 0 ? words : words + ", for " + share + " of the period";
    }

    private void quantity(String step, @Nullable BigDecimal value, String rule) {
        if (value != null) {
            add(step, DecimalText.canonical(value), rule);
        }
    }

    private void add(String step, String value, String rule) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("step", step);
        tree.put("value", value);
        tree.put("rule", rule);
        steps.add(tree);
    }
}

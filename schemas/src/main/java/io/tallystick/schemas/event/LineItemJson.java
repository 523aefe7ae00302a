package io.tallystick.schemas.event;

import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines as the JSON interface shows them, as trees of maps, lists and texts: what invoice digests are taken over. Decimals are texts; fields that a line
 * has no use for are left out, save a tier's {@code upTo}, where null says that it is open.
 */
public final class LineItemJson {

    private LineItemJson() {}

    public static List<Map<String, @Nullable Object>> trees(List<LineItem> items) {
        List<Map<String, @Nullable Object>> trees = new ArrayList<>(items.size());
        for (LineItem item : items) {
            trees.add(tree(item));
        }
        return trees;
    }

    public static Map<String, @Nullable Object> tree(LineItem item) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("line", item.line());
        tree.put("charge", item.charge());
        putText(tree, "meter", item.meter());
        tree.put("kind", item.kind().text());
        tree.put("description", item.description());
        tree.put("dimensions", new LinkedHashMap<>(item.dimensions().values()));
        putQuantity(tree, "metered", item.metered());
        putQuantity(tree, "quantity", item.quantity());
        putQuantity(tree, "included", item.included());
        putQuantity(tree, "billable", item.billable());
        putText(tree, "unitPrice", asWritten(item.unitPrice()));
        tree.put("amount", item.amount().toPlainString());
        tree.put("pricingVersion", item.pricingVersion());
        tree.put("period", tree(item.period()));
        if (!item.tiers().isEmpty()) {
            tree.put("tiers", tiers(item));
        }
        LineItem.Adjusts adjusts = item.adjusts();
        if (adjusts != null) {
            tree.put("adjusts", tree(adjusts));
        }
        return tree;
    }

    /** A period as JSON shows it: {@code {"start": …, "end": …}}. */
    public static Map<String, @Nullable Object> tree(Period period) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("start", period.start().toString());
        tree.put("end", period.end().toString());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(LineItem.Adjusts adjusts) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("period", tree(adjusts.period()));
        tree.put("line", adjusts.line());
        tree.put("pricingVersion", adjusts.pricingVersion());
        return tree;
    }

    private static List<Map<String, @Nullable Object>> tiers(LineItem item) {
        List<Map<String, @Nullable Object>> trees = new ArrayList<>(item.tiers().size());
        for (LineItem.TierSlice slice : item.tiers()) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("upTo", asWritten(slice.upTo()));
            putQuantity(tree, "quantity", slice.quantity());
            putText(tree, "unitPrice", asWritten(slice.unitPrice()));
            putText(tree, "rate", asWritten(slice.rate()));
            tree.put("flat", slice.flat().toPlainString());
            tree.put("amount", money(slice.amount(), item.amount().scale()));
            trees.add(tree);
        }
        return trees;
    }

    /** At least the currency's decimals, more where the amount has more: {@code 10.00}, {@code 0.0035}. */
    private static String money(BigDecimal amount, int scale) {
        BigDecimal stripped = DecimalText.stripped(amount);
        return (stripped.scale() < scale ? stripped.setScale(scale) : stripped).toPlainString();
    }

    private static @Nullable String asWritten(@Nullable BigDecimal value) {
        return value == null ? null : value.toPlainString();
    }

    private static void putText(Map<String, @Nullable Object> tree, String name, @Nullable String text) {
        if (text != null) {
            tree.put(name, text);
        }
    }

    private static void putQuantity(Map<String, @Nullable Object> tree, String name, @Nullable BigDecimal value) {
        if (value != null) {
            tree.put(name, DecimalText.canonical(value));
        }
    }
}

package io.tallystick.schemas.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An invoice as the JSON interface shows it, as a tree of maps, lists and texts. */
public final class InvoiceJson {

    private InvoiceJson() {}

    public static Map<String, @Nullable Object> tree(Invoice invoice) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", invoice.id());
        tree.put("number", invoice.number());
        tree.put("tenant", invoice.tenant());
        tree.put("subscription", invoice.subscription());
        tree.put("period", LineItemJson.tree(invoice.period()));
        tree.put("currency", invoice.currency());
        tree.put("status", invoice.status().text());
        if (!invoice.reason().isEmpty()) {
            tree.put("reason", invoice.reason());
        }
        tree.put("lines", LineItemJson.trees(invoice.lines()));
        tree.put("total", invoice.total().toPlainString());
        tree.put("shadow", shadows(invoice.shadow()));
        tree.put("digest", invoice.digest());
        tree.put("catalogRevision", invoice.catalogRevision());
        tree.put("cut", cuts(invoice.cut()));
        tree.put("history", history(invoice.history()));
        return tree;
    }

    private static List<Map<String, @Nullable Object>> history(List<InvoiceChange> changes) {
        List<Map<String, @Nullable Object>> trees = new ArrayList<>(changes.size());
        for (InvoiceChange change : changes) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("status", change.status().text());
            tree.put("at", change.at().toString());
            tree.put("sequence", change.sequence());
            tree.put("reason", change.reason());
            trees.add(tree);
        }
        return trees;
    }

    /** Shadows as JSON shows them, on invoices and on the charges of an open period. */
    public static List<Map<String, @Nullable Object>> shadows(List<Shadow> shadows) {
        List<Map<String, @Nullable Object>> trees = new ArrayList<>(shadows.size());
        for (Shadow shadow : shadows) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("pricingVersion", shadow.pricingVersion());
            tree.put("total", shadow.total().toPlainString());
            tree.put("difference", shadow.difference().toPlainString());
            tree.put("explanation", shadow.explanation());
            trees.add(tree);
        }
        return trees;
    }

    private static List<Map<String, @Nullable Object>> cuts(List<Cut> cuts) {
        List<Map<String, @Nullable Object>> trees = new ArrayList<>(cuts.size());
        for (Cut cut : cuts) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("log", cut.log());
            tree.put("partition", cut.partition());
            tree.put("offset", cut.offset());
            tree.put("sequence", cut.sequence());
            trees.add(tree);
        }
        return trees;
    }
}

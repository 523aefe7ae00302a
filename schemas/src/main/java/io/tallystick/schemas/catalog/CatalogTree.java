package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Turns the objects of a catalogue back into trees, as documents hold them: with every default filled in, and without what is not there. */
final class CatalogTree {

    private CatalogTree() {}

    static Map<String, Object> of(Meter meter) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("meter", meter.meter());
        tree.put("description", meter.description());
        tree.put("eventType", meter.eventType());
        tree.put("aggregation", meter.aggregation().text());
        DataPath value = meter.value();
        if (value != null) {
            tree.put("value", value.text());
        }
        Map<String, Object> dimensions = new LinkedHashMap<>();
        meter.dimensions().forEach((name, path) -> dimensions.put(name, path.text()));
        tree.put("dimensions", dimensions);
        Map<String, Object> where = new LinkedHashMap<>();
        meter.where().forEach((path, texts) -> where.put(path.text(), texts));
        tree.put("where", where);
        tree.put("unit", meter.unit());
        Meter.Quantum quantum = meter.quantum();
        if (quantum != null) {
            tree.put(
                    "quantum",
                    Map.of(
                            "step",
                            quantum.step().toPlainString(),
                            "mode",
                            quantum.mode().text()));
        }
        tree.put("perEvent", meter.perEvent());
        if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            tree.put("valueKind", word(meter.valueKind()));
        }
        put(tree, "effectiveFrom", meter.effectiveFrom());
        if (!meter.cost().isEmpty()) {
            tree.put("cost", meter.cost().stream().map(CatalogTree::of).toList());
        }
        return tree;
    }

    private static Map<String, Object> of(RateCard card) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("effectiveFrom", card.effectiveFrom().toString());
        tree.put("currency", card.currency());
        put(tree, "divideBy", card.divideBy());
        tree.put(
                "rates",
                card.rates().stream()
                        .map(rate -> Map.of(
                                "where",
                                where(rate.where()),
                                "unitCost",
                                rate.unitCost().toPlainString()))
                        .toList());
        return tree;
    }

    static Map<String, Object> of(PricingVersion version) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("version", version.version());
        tree.put("description", version.description());
        tree.put("effectiveFrom", version.effectiveFrom().toString());
        tree.put("currency", version.currency());
        tree.put("plans", version.plans().stream().map(CatalogTree::of).toList());
        return tree;
    }

    private static Map<String, Object> of(Plan plan) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("plan", plan.plan());
        tree.put("description", plan.description());
        BigDecimal commitment = plan.commitment();
        if (commitment != null) {
            tree.put("commitment", Map.of("amount", commitment.toPlainString()));
        }
        tree.put("charges", plan.charges().stream().map(CatalogTree::of).toList());
        Transition transition = plan.transition();
        if (transition != null) {
            tree.put("transition", of(transition));
        }
        return tree;
    }

    private static Map<String, Object> of(Transition transition) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Transition.Cap cap = transition.cap();
        if (cap != null) {
            tree.put(
                    "cap",
                    Map.of(
                            "from", cap.from(),
                            "percent", cap.percent().toPlainString(),
                            "days", cap.days()));
        }
        Transition.Relief credit = transition.credit();
        if (credit != null) {
            tree.put("credit", Map.of("amount", credit.amount().toPlainString(), "days", credit.days()));
        }
        return tree;
    }

    static Map<String, Object> of(Charge charge) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("charge", charge.charge());
        tree.put("description", charge.description());
        if (charge.meter() != null) {
            tree.put("meter", charge.meter());
        }
        boolean isFee = charge.price().model() instanceof PriceModel.Flat;
        tree.put("model", charge.price().model().model());
        put(tree, charge.price());
        if (isFee) {
            tree.put("timing", word(charge.timing()));
            tree.put("prorate", charge.prorate());
        } else {
            tree.put("where", where(charge.where()));
            tree.put("groupBy", charge.groupBy());
        }
        if (!charge.matrix().isEmpty()) {
            Map<String, Object> price = new LinkedHashMap<>();
            put(price, charge.price());
            tree.put(
                    "matrix",
                    charge.matrix().stream().map(row -> of(row, price.keySet())).toList());
        }
        return tree;
    }

    /** A row with its whole price. What the charge has and the row has not is null: else the charge's would be taken. */
    private static Map<String, @Nullable Object> of(Charge.MatrixRow row, Set<String> fieldsOfCharge) {
        Map<String, Object> price = new LinkedHashMap<>();
        put(price, row.price());
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("where", where(row.where()));
        fieldsOfCharge.forEach(name -> tree.put(name, null));
        tree.putAll(price);
        return tree;
    }

    private static Map<String, Object> where(SortedMap<String, List<String>> where) {
        return new LinkedHashMap<>(where);
    }

    private static void put(Map<String, Object> tree, Price price) {
        PriceModel model = price.model();
        put(tree, model);
        if (!(model instanceof PriceModel.Flat) && !(model instanceof PriceModel.Percentage)) {
            put(tree, "multiplyBy", price.multiplyBy());
            put(tree, "divideBy", price.divideBy());
            Price.QuantityRounding rounding = price.rounding();
            if (rounding != null) {
                tree.put("rounding", Map.of("mode", rounding.mode().text(), "scale", rounding.scale()));
            }
            put(tree, "included", price.included());
        }
        put(tree, "discountPercent", price.discountPercent());
        put(tree, "maximum", price.maximum());
        put(tree, "minimum", price.minimum());
    }

    private static void put(Map<String, Object> tree, PriceModel model) {
        if (model instanceof PriceModel.Flat flat) {
            put(tree, "amount", flat.amount());
        } else if (model instanceof PriceModel.PerUnit unit) {
            put(tree, "unitPrice", unit.unitPrice());
            put(tree, "multiplier", unit.multiplier());
        } else if (model instanceof PriceModel.Graduated graduated) {
            putTiers(tree, graduated.tiers());
        } else if (model instanceof PriceModel.Volume volume) {
            putTiers(tree, volume.tiers());
        } else if (model instanceof PriceModel.PerPackage perPackage) {
            put(tree, "size", perPackage.size());
            put(tree, "price", perPackage.price());
            tree.put("round", perPackage.round().text());
        } else if (model instanceof PriceModel.Percentage percentage) {
            put(tree, "rate", percentage.rate());
            put(tree, "fixed", percentage.fixed());
            if (percentage.freeEvents() != null) {
                tree.put("freeEvents", percentage.freeEvents());
            }
            put(tree, "freeAmount", percentage.freeAmount());
            put(tree, "minPerEvent", percentage.minPerEvent());
            put(tree, "maxPerEvent", percentage.maxPerEvent());
        } else if (model instanceof PriceModel.GraduatedPercentage graduated) {
            List<Map<String, @Nullable Object>> tiers = new ArrayList<>();
            for (PriceModel.PercentTier tier : graduated.tiers()) {
                tiers.add(tier(tier.upTo(), "rate", tier.rate(), tier.flat()));
            }
            putTierTrees(tree, tiers);
        } else {
            put(tree, "multiplier", ((PriceModel.Dynamic) model).multiplier());
        }
    }

    private static void putTiers(Map<String, Object> tree, List<PriceModel.Tier> all) {
        List<Map<String, @Nullable Object>> tiers = new ArrayList<>();
        for (PriceModel.Tier tier : all) {
            tiers.add(tier(tier.upTo(), "unitPrice", tier.unitPrice(), tier.flat()));
        }
        putTierTrees(tree, tiers);
    }

    private static void putTierTrees(Map<String, Object> tree, List<Map<String, @Nullable Object>> tiers) {
        if (!tiers.isEmpty()) { // a charge whose rows bring their own has none
            tree.put("tiers", tiers);
        }
    }

    private static Map<String, @Nullable Object> tier(
            @Nullable BigDecimal upTo, String priceField, BigDecimal price, BigDecimal flat) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("upTo", upTo == null ? null : upTo.toPlainString());
        tree.put(priceField, price.toPlainString());
        tree.put("flat", flat.toPlainString());
        return tree;
    }

    static Map<String, Object> of(Subscription subscription) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenant", subscription.tenant());
        tree.put("subscription", subscription.subscription());
        tree.put("plan", subscription.plan());
        tree.put("start", subscription.start().toString());
        put(tree, "end", subscription.end());
        Subscription.BillingCycle period = subscription.period();
        tree.put(
                "period",
                Map.of(
                        "every", period.every().name(),
                        "anchor", period.anchor().toString(),
                        "timezone", period.timezone().getId()));
        if (subscription.pricingVersion() != null) {
            tree.put("pricingVersion", subscription.pricingVersion());
        }
        tree.put("shadow", subscription.shadow());
        tree.put("lateUsage", subscription.lateUsage().text());
        Subscription.Limits limits = subscription.limits();
        if (limits != null) {
            tree.put("limits", of(limits));
        }
        Subscription.Provider provider = subscription.provider();
        if (provider != null) {
            tree.put(
                    "provider",
                    Map.of("name", provider.name(), "mode", provider.mode(), "customer", provider.customer()));
        }
        return tree;
    }

    static Map<String, Object> of(CreditGrant grant) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("credit", grant.credit());
        tree.put("tenant", grant.tenant());
        tree.put("description", grant.description());
        put(tree, "amount", grant.amount());
        tree.put("currency", grant.currency());
        tree.put("priority", grant.priority());
        put(tree, "effectiveFrom", grant.effectiveFrom());
        put(tree, "expiresAt", grant.expiresAt());
        tree.put("subscriptions", grant.subscriptions());
        return tree;
    }

    private static Map<String, Object> of(Subscription.Limits limits) {
        Map<String, Object> tree = new LinkedHashMap<>();
        put(tree, "period", limits.period());
        put(tree, "day", limits.day());
        tree.put(
                "alertAt",
                limits.alertAt().stream().map(BigDecimal::toPlainString).toList());
        tree.put("onExceed", limits.block() ? "block" : "alert");
        if (limits.fallback() != null) {
            tree.put("fallback", limits.fallback());
        }
        return tree;
    }

    private static void put(Map<String, Object> tree, String name, @Nullable BigDecimal value) {
        if (value != null) {
            tree.put(name, value.toPlainString());
        }
    }

    private static void put(Map<String, Object> tree, String name, @Nullable Instant value) {
        if (value != null) {
            tree.put(name, value.toString());
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

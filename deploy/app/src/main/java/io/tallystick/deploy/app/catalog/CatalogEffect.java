package io.tallystick.deploy.app.catalog;

import io.tallystick.rater.stream.ChargesReader;
import io.tallystick.rater.stream.PreviewedCharges;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogChange.Change;
import io.tallystick.schemas.catalog.CatalogKind;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.LineItemJson;
import io.tallystick.schemas.event.RequestRefused;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the catalogue would do to the bills of open periods: every subscription that it touches, rated on its usage so far, now and under the change.
 * Answered in pages of tenants, from the charges that this process holds; tenants that others hold are named as not covered.
 */
public final class CatalogEffect {

    static final int TENANTS_DEFAULT = 200;
    static final int TENANTS_MAX = 1000;

    private final ChargesReader charges;
    private final InstantSource clock;

    public CatalogEffect(ChargesReader charges, InstantSource clock) {
        this.charges = charges;
        this.clock = clock;
    }

    /** @param after the last tenant of the page before; "" for the first page */
    Map<String, @Nullable Object> page(Catalog changed, List<Change> changes, String after, int tenantsMax) {
        NavigableMap<String, SortedMap<String, List<String>>> touched = touched(changed, changes);
        Set<String> versions = names(changes, CatalogKind.PRICING);
        List<Object> data = new ArrayList<>();
        List<Object> notCovered = new ArrayList<>();
        SortedMap<List<String>, Total> totals = new TreeMap<>((one, other) -> {
            int order = one.get(0).compareTo(other.get(0));
            return order != 0 ? order : one.get(1).compareTo(other.get(1));
        });
        String last = "";
        int tenants = 0;
        for (Map.Entry<String, SortedMap<String, List<String>>> tenant :
                touched.tailMap(after, false).entrySet()) {
            if (tenants++ == tenantsMax) {
                break;
            }
            last = tenant.getKey();
            try {
                for (PreviewedCharges preview : charges.preview(
                        last, changed, versions, tenant.getValue().keySet(), clock.instant())) {
                    String name = preview.subscription().subscription();
                    data.add(tree(preview, tenant.getValue().getOrDefault(name, List.of())));
                    totals.computeIfAbsent(List.of(preview.basis().text(), preview.currency()), key -> new Total())
                            .add(preview);
                }
            } catch (RequestRefused elsewhere) {
                notCovered.add(Map.of("tenant", last, "reason", elsewhere.detail()));
            }
        }
        Map<String, @Nullable Object> effect = new LinkedHashMap<>();
        effect.put("tenantsTouched", touched.size());
        effect.put("data", data);
        List<Object> sums = new ArrayList<>();
        totals.forEach((key, total) -> sums.add(total.tree(key.get(0), key.get(1))));
        effect.put("totals", sums);
        effect.put("notCovered", notCovered);
        effect.put("next", tenants > tenantsMax ? last : null);
        return effect;
    }

    /** By tenant and subscription, what of the change touches it. */
    private static NavigableMap<String, SortedMap<String, List<String>>> touched(
            Catalog changed, List<Change> changes) {
        Set<String> subscriptions = names(changes, CatalogKind.SUBSCRIPTION);
        List<PricingVersion> versions = changed.pricing().values().stream()
                .filter(version -> names(changes, CatalogKind.PRICING).contains(version.version()))
                .toList();
        NavigableMap<String, SortedMap<String, List<String>>> touched = new TreeMap<>();
        for (Subscription subscription : changed.subscriptions().values()) {
            List<String> because = new ArrayList<>();
            if (subscriptions.contains(subscription.subscription())) {
                because.add("subscription " + subscription.subscription());
            }
            for (PricingVersion version : versions) {
                boolean held = subscription.pricingVersion() == null
                        || subscription.pricingVersion().equals(version.version());
                if (held && version.plan(subscription.plan()).isPresent()) {
                    because.add("pricing " + version.version() + " from " + version.effectiveFrom());
                }
            }
            if (!because.isEmpty()) {
                touched.computeIfAbsent(subscription.tenant(), tenant -> new TreeMap<>())
                        .put(subscription.subscription(), because);
            }
        }
        return touched;
    }

    private static Set<String> names(List<Change> changes, CatalogKind kind) {
        return changes.stream()
                .filter(change -> change.key().kind() == kind)
                .map(change -> change.key().name())
                .collect(Collectors.toSet());
    }

    private static Map<String, @Nullable Object> tree(PreviewedCharges preview, List<String> because) {
        BigDecimal now = preview.totalNow();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenant", preview.subscription().tenant());
        tree.put("subscription", preview.subscription().subscription());
        tree.put("plan", preview.subscription().plan());
        tree.put("period", LineItemJson.tree(preview.period()));
        tree.put("basis", preview.basis().text());
        tree.put("pricingVersion", preview.version());
        tree.put("currency", preview.currency());
        tree.put("now", now == null ? null : now.toPlainString());
        tree.put("then", preview.totalThen().toPlainString());
        tree.put("difference", difference(preview).toPlainString());
        tree.put("because", because);
        tree.put("charges", charges(preview));
        return tree;
    }

    private static BigDecimal difference(PreviewedCharges preview) {
        BigDecimal now = preview.totalNow();
        return now == null ? preview.totalThen() : preview.totalThen().subtract(now);
    }

    /** The charges whose amounts or versions differ, and the versions that price them now and then. */
    private static List<Object> charges(PreviewedCharges preview) {
        List<LineItem> now = preview.now();
        SortedMap<String, Priced> before = priced(now == null ? List.of() : now);
        SortedMap<String, Priced> after = priced(preview.then());
        SortedSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Object> differing = new ArrayList<>();
        for (String name : names) {
            Priced one = before.get(name);
            Priced other = after.get(name);
            if (one == null || other == null || !one.equals(other)) {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("charge", name);
                tree.put("now", one == null ? null : one.amount.toPlainString());
                tree.put("then", other == null ? null : other.amount.toPlainString());
                tree.put("versionsNow", one == null ? List.of() : one.versions);
                tree.put("versionsThen", other == null ? List.of() : other.versions);
                differing.add(tree);
            }
        }
        return differing;
    }

    private static SortedMap<String, Priced> priced(List<LineItem> lines) {
        SortedMap<String, Priced> byCharge = new TreeMap<>();
        for (LineItem line : lines) {
            byCharge.merge(
                    line.charge(),
                    new Priced(line.amount(), new TreeSet<>(Set.of(line.pricingVersion()))),
                    Priced::plus);
        }
        return byCharge;
    }

    /** What one charge comes to, and by which versions. */
    private record Priced(BigDecimal amount, SortedSet<String> versions) {
        Priced plus(Priced other) {
            SortedSet<String> both = new TreeSet<>(versions);
            both.addAll(other.versions);
            return new Priced(amount.add(other.amount), both);
        }
    }

    /** The sum over the subscriptions of a page, in one currency. */
    private static final class Total {

        private int subscriptions;
        private BigDecimal now = BigDecimal.ZERO;
        private BigDecimal then = BigDecimal.ZERO;

        void add(PreviewedCharges preview) {
            BigDecimal before = preview.totalNow();
            subscriptions++;
            now = before == null ? now : now.add(before);
            then = then.add(preview.totalThen());
        }

        Map<String, Object> tree(String basis, String currency) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("basis", basis);
            tree.put("currency", currency);
            tree.put("bills", subscriptions);
            tree.put("now", now.toPlainString());
            tree.put("then", then.toPlainString());
            tree.put("difference", then.subtract(now).toPlainString());
            return tree;
        }
    }
}

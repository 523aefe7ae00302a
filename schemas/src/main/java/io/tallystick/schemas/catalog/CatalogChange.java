package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.CanonicalJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What comes of applying documents to the catalogue in force: a new catalogue, or the reasons against it.
 *
 * <p>Applying adds and updates by name; nothing disappears by being left out. What bills rely on stays as it is: a pricing version or a credit that is
 * effective, what a meter counts once it has counted, and of a running subscription all but a few fields.
 *
 * @param catalog the new catalogue; the one in force when there are errors or conflicts
 * @param changes what is added and updated, in the order of kind and name; empty when the documents say nothing new
 * @param errors what is wrong with the documents (HTTP 422)
 * @param conflicts what may not change (HTTP 409); looked for only when there are no errors
 */
public record CatalogChange(
        Catalog catalog, List<Change> changes, List<CatalogError> errors, List<CatalogError> conflicts) {

    /** Fields of a subscription that may change while it runs. */
    private static final Set<String> CHANGEABLE_WHILE_RUNNING =
            Set.of("end", "limits", "shadow", "provider", "lateUsage");

    /** Fields of a meter that never alter a quantity. */
    private static final Set<String> METER_WORDS = Set.of("description", "unit", "cost");

    public CatalogChange {
        changes = List.copyOf(changes);
        errors = List.copyOf(errors);
        conflicts = List.copyOf(conflicts);
    }

    /** One object that is added, or updated in some places. */
    public record Change(CatalogKey key, boolean isNew, List<FieldChange> fields) {
        public Change {
            fields = List.copyOf(fields);
        }
    }

    /**
     * One place of an object that changes, as canonical texts.
     *
     * @param path inside the object, {@code plans[0].charges[1].unitPrice}
     * @param before null when there was nothing
     * @param after null when there is nothing any more
     */
    public record FieldChange(
            String path, @Nullable String before, @Nullable String after) {}

    public boolean isAccepted() {
        return errors.isEmpty() && conflicts.isEmpty();
    }

    /**
     * Applies documents.
     *
     * @param now decides which versions are effective and which subscriptions run
     * @param hasCounted whether a meter of the catalogue in force, by name, has counted an event
     */
    public static CatalogChange apply(
            Catalog current, ParsedCatalog parsed, Instant now, Predicate<String> hasCounted) {
        CatalogErrors errors = parsed.errorsSoFar();
        ReferenceCheck.check(current, parsed, errors);
        if (!errors.list().isEmpty()) {
            return new CatalogChange(current, List.of(), errors.list(), List.of());
        }
        Applying applying = new Applying(now, hasCounted);
        Catalog catalog = new Catalog(
                current.settings(),
                applying.meters(current.meters(), parsed.meters()),
                applying.pricing(current.pricing(), parsed.pricing()),
                applying.subscriptions(current.subscriptions(), parsed.subscriptions()),
                applying.credits(current.credits(), parsed.credits()));
        List<CatalogError> conflicts = applying.conflicts.list();
        return conflicts.isEmpty()
                ? new CatalogChange(catalog, List.copyOf(applying.changes.values()), List.of(), List.of())
                : new CatalogChange(current, List.of(), List.of(), conflicts);
    }

    /** Says why an object may not change in some places, or nothing. */
    private interface Guard<T> {
        void check(T before, T after, List<TreeDifference> differences, String path);
    }

    private static final class Applying {
        private final Instant now;
        private final Predicate<String> hasCounted;
        private final CatalogErrors conflicts = new CatalogErrors();
        private final SortedMap<CatalogKey, Change> changes = new TreeMap<>();

        Applying(Instant now, Predicate<String> hasCounted) {
            this.now = now;
            this.hasCounted = hasCounted;
        }

        SortedMap<String, Meter> meters(SortedMap<String, Meter> standing, List<Located<Meter>> written) {
            return merged(CatalogKind.METER, standing, written, Meter::meter, CatalogTree::of, this::checkMeter);
        }

        SortedMap<String, PricingVersion> pricing(
                SortedMap<String, PricingVersion> standing, List<Located<PricingVersion>> written) {
            return merged(
                    CatalogKind.PRICING,
                    standing,
                    written,
                    PricingVersion::version,
                    CatalogTree::of,
                    this::checkPricing);
        }

        SortedMap<String, Subscription> subscriptions(
                SortedMap<String, Subscription> standing, List<Located<Subscription>> written) {
            return merged(
                    CatalogKind.SUBSCRIPTION,
                    standing,
                    written,
                    Subscription::subscription,
                    CatalogTree::of,
                    this::checkSubscription);
        }

        SortedMap<String, CreditGrant> credits(
                SortedMap<String, CreditGrant> standing, List<Located<CreditGrant>> written) {
            return merged(
                    CatalogKind.CREDIT, standing, written, CreditGrant::credit, CatalogTree::of, this::checkCredit);
        }

        private <T> SortedMap<String, T> merged(
                CatalogKind kind,
                SortedMap<String, T> standing,
                List<Located<T>> written,
                Function<T, String> nameOf,
                Function<T, Map<String, Object>> treeOf,
                Guard<T> guard) {
            SortedMap<String, T> merged = new TreeMap<>(standing);
            for (Located<T> located : written) {
                T after = located.object();
                String name = nameOf.apply(after);
                T before = standing.get(name);
                List<TreeDifference> differences =
                        TreeDifference.between(before == null ? Map.of() : treeOf.apply(before), treeOf.apply(after));
                if (before != null && !differences.isEmpty()) {
                    guard.check(before, after, differences, located.path());
                }
                if (before == null || !differences.isEmpty()) {
                    CatalogKey key = new CatalogKey(kind, name);
                    changes.put(key, new Change(key, before == null, before == null ? List.of() : shown(differences)));
                }
                merged.put(name, after);
            }
            return merged;
        }

        private void checkMeter(Meter before, Meter after, List<TreeDifference> differences, String path) {
            checkCost(before, after, path);
            boolean altersQuantities =
                    differences.stream().anyMatch(difference -> !METER_WORDS.contains(difference.field()));
            if (altersQuantities && hasCounted.test(before.meter())) {
                refuse(
                        path,
                        differences.stream()
                                .filter(difference -> !METER_WORDS.contains(difference.field()))
                                .toList(),
                        "meter " + before.meter() + " has counted and cannot be changed",
                        "define a new meter");
            }
        }

        /** A rate card that is effective stays; others may come, also with a date in the past. */
        private void checkCost(Meter before, Meter after, String path) {
            for (RateCard card : before.cost()) {
                if (!card.effectiveFrom().isAfter(now) && !after.cost().contains(card)) {
                    conflicts.add(
                            path + ".cost",
                            "the rate card of meter " + before.meter() + " from " + card.effectiveFrom()
                                    + " is effective and cannot be changed or taken away; add one with a later date");
                }
            }
        }

        private void checkPricing(
                PricingVersion before, PricingVersion after, List<TreeDifference> differences, String path) {
            if (!before.effectiveFrom().isAfter(now)) {
                refuse(
                        path,
                        differences,
                        "version " + before.version() + " is effective since " + before.effectiveFrom()
                                + " and cannot be changed",
                        "publish a new version");
            }
        }

        private void checkSubscription(
                Subscription before, Subscription after, List<TreeDifference> differences, String path) {
            boolean isRunning = !before.start().isAfter(now);
            List<TreeDifference> refused = differences.stream()
                    .filter(difference -> isRunning
                            ? !CHANGEABLE_WHILE_RUNNING.contains(difference.field())
                            : difference.field().equals("tenant"))
                    .toList();
            if (!refused.isEmpty()) {
                refuse(
                        path,
                        refused,
                        isRunning
                                ? "subscription " + before.subscription() + " runs since " + before.start()
                                        + "; only end, limits, shadow, provider and lateUsage can be changed"
                                : "subscription " + before.subscription() + " keeps its tenant",
                        "end it and start another");
            }
        }

        private void checkCredit(CreditGrant before, CreditGrant after, List<TreeDifference> differences, String path) {
            boolean isEffective = !before.effectiveFrom().isAfter(now);
            List<TreeDifference> refused = differences.stream()
                    .filter(difference -> isEffective || difference.field().equals("tenant"))
                    .toList();
            if (!refused.isEmpty()) {
                refuse(
                        path,
                        refused,
                        isEffective
                                ? "credit " + before.credit() + " is effective since " + before.effectiveFrom()
                                        + " and cannot be changed"
                                : "credit " + before.credit() + " keeps its tenant",
                        "grant another");
            }
        }

        /** One conflict per field of the object, at the first place that differs. */
        private void refuse(String path, List<TreeDifference> differences, String why, String instead) {
            List<String> fields = new ArrayList<>();
            for (TreeDifference difference : differences) {
                if (!fields.contains(difference.field())) {
                    fields.add(difference.field());
                    conflicts.add(
                            path + "." + difference.path(),
                            why + ": here it would become " + FieldReader.describe(difference.after()) + " instead of "
                                    + FieldReader.describe(difference.before()) + "; " + instead);
                }
            }
        }

        private static List<FieldChange> shown(List<TreeDifference> differences) {
            return differences.stream()
                    .map(difference ->
                            new FieldChange(difference.path(), text(difference.before()), text(difference.after())))
                    .toList();
        }

        private static @Nullable String text(@Nullable Object tree) {
            if (tree == null) {
                return null;
            }
            return tree instanceof String text ? text : CanonicalJson.write(tree);
        }
    }
}

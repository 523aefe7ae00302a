package io.tallystick.schemas.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the objects of a catalogue fit together, those of documents and those that stand already. A misfit is reported where a document can mend
 * it: at the object that refers, or, where only the thing referred to is in a document, there.
 */
final class ReferenceCheck {

    /** Where objects stand that no document holds. */
    private static final String NOWHERE = "";

    private final Catalog current;
    private final CatalogErrors errors;
    private final Map<String, Located<Meter>> meters = new LinkedHashMap<>();
    private final Map<String, Located<PricingVersion>> versions = new LinkedHashMap<>();
    private final List<Located<PricingVersion>> allVersions;
    private final List<Located<Subscription>> allSubscriptions;
    private final Map<String, List<Located<PricingVersion>>> versionsByPlan = new TreeMap<>();

    private ReferenceCheck(Catalog current, ParsedCatalog parsed, CatalogErrors errors) {
        this.current = current;
        this.errors = errors;
        current.meters().forEach((name, meter) -> meters.put(name, new Located<>(meter, NOWHERE)));
        parsed.meters().forEach(meter -> meters.put(meter.object().meter(), meter));
        current.pricing().forEach((name, version) -> versions.put(name, new Located<>(version, NOWHERE)));
        parsed.pricing().forEach(version -> versions.put(version.object().version(), version));
        allVersions = merged(current.pricing().values(), parsed.pricing(), PricingVersion::version);
        allSubscriptions = merged(current.subscriptions().values(), parsed.subscriptions(), Subscription::subscription);
        allVersions.forEach(version -> version.object()
                .plans()
                .forEach(plan -> versionsByPlan
                        .computeIfAbsent(plan.plan(), name -> new ArrayList<>())
                        .add(version)));
    }

    static void check(Catalog current, ParsedCatalog parsed, CatalogErrors errors) {
        if (parsed.hasGaps()) {
            return; // what could not be read may be what others refer to
        }
        ReferenceCheck check = new ReferenceCheck(current, parsed, errors);
        check.allVersions.forEach(check::charges);
        check.plansAcrossVersions();
        check.allVersions.forEach(check::transitions);
        check.allSubscriptions.forEach(check::subscription);
        parsed.credits().forEach(check::credit);
    }

    /** What documents do not replace, then what they hold. */
    private static <T> List<Located<T>> merged(
            Collection<T> standing, List<Located<T>> written, Function<T, String> nameOf) {
        Set<String> replaced = new HashSet<>();
        written.forEach(located -> replaced.add(nameOf.apply(located.object())));
        List<Located<T>> all = new ArrayList<>();
        standing.stream()
                .filter(object -> !replaced.contains(nameOf.apply(object)))
                .forEach(object -> all.add(new Located<>(object, NOWHERE)));
        all.addAll(written);
        return all;
    }

    /**
     * Reports at {@code path}, or where the object referred to stands if the one that refers is in no document. What stands already and does not fit
     * together was let in by an older build: no document is at fault.
     */
    private void report(String path, @Nullable Located<?> referredTo, String message) {
        if (!path.isEmpty()) {
            errors.add(path, message);
        } else if (referredTo != null && !referredTo.path().isEmpty()) {
            errors.add(referredTo.path(), message);
        }
    }

    private void charges(Located<PricingVersion> version) {
        List<Plan> plans = version.object().plans();
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            for (int j = 0; j < plan.charges().size(); j++) {
                String path = version.path().isEmpty() ? "" : version.path() + ".plans[" + i + "].charges[" + j + "]";
                charge(plan.charges().get(j), path, version.object().version() + ", plan " + plan.plan());
            }
        }
    }

    private void transitions(Located<PricingVersion> version) {
        List<Plan> plans = version.object().plans();
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            Transition.Cap cap =
                    plan.transition() == null ? null : plan.transition().cap();
            if (cap != null) {
                String path = at(version.path(), ".plans[" + i + "].transition.cap.from");
                if (path.isEmpty() || !errors.isBroken(path)) {
                    cap(plan, cap, version, path);
                }
            }
        }
    }

    /** What a cap is measured against is an older version of the same plan. */
    private void cap(Plan plan, Transition.Cap cap, Located<PricingVersion> version, String path) {
        Located<PricingVersion> from = versions.get(cap.from());
        String subject = path.isEmpty()
                ? "plan " + plan.plan() + " of " + version.object().version() + ": "
                : "";
        if (from == null) {
            if (isKnownWhole(versions)) {
                report(
                        path,
                        null,
                        "there is no pricing version " + cap.from() + suggestion(cap.from(), versions.keySet()));
            }
        } else if (from.object().plan(plan.plan()).isEmpty() && !errors.isBroken(from.path() + ".plans")) {
            report(path, from, subject + "version " + cap.from() + " has no plan " + plan.plan());
        } else if (!errors.isBroken(from.path() + ".effectiveFrom")
                && !errors.isBroken(version.path() + ".effectiveFrom")
                && !from.object().effectiveFrom().isBefore(version.object().effectiveFrom())) {
            report(
                    path,
                    from,
                    subject + "version " + cap.from() + " is effective from "
                            + from.object().effectiveFrom() + ", which is not before "
                            + version.object().effectiveFrom() + "; name the version that this one follows");
        }
    }

    private void charge(Charge charge, String path, String owner) {
        String name = charge.meter();
        if (name == null || errors.isBroken(path + ".meter")) {
            return;
        }
        Located<Meter> meter = meters.get(name);
        String subject = path.isEmpty() ? "charge " + charge.charge() + " of " + owner + ": " : "";
        if (meter == null && !isKnownWhole(meters)) {
            return;
        }
        if (meter == null) {
            report(at(path, ".meter"), null, "there is no meter " + name + suggestion(name, meters.keySet()));
            return;
        }
        dimensions(charge, path, meter, subject);
        if (!meter.object().perEvent() && !errors.isBroken(meter.path() + ".perEvent")) {
            perEvent(charge, path, meter, subject);
        }
    }

    private void dimensions(Charge charge, String path, Located<Meter> meter, String subject) {
        if (errors.isBroken(meter.path() + ".dimensions")) {
            return;
        }
        SortedMap<String, DataPath> known = meter.object().dimensions();
        charge.where().keySet().forEach(name -> dimension(name, at(path, ".where." + name), meter, known, subject));
        for (int i = 0; i < charge.matrix().size(); i++) {
            String row = ".matrix[" + i + "].where.";
            charge.matrix()
                    .get(i)
                    .where()
                    .keySet()
                    .forEach(name -> dimension(name, at(path, row + name), meter, known, subject));
        }
        for (int i = 0; i < charge.groupBy().size(); i++) {
            dimension(charge.groupBy().get(i), at(path, ".groupBy[" + i + "]"), meter, known, subject);
        }
    }

    private void dimension(
            String name, String path, Located<Meter> meter, SortedMap<String, DataPath> known, String subject) {
        if (!known.containsKey(name)) {
            report(
                    path,
                    meter,
                    subject + "meter " + meter.object().meter() + " has no dimension " + name
                            + (known.isEmpty()
                                    ? "; it has none"
                                    : "; its dimensions are " + String.join(", ", known.keySet())));
        }
    }

    private void perEvent(Charge charge, String path, Located<Meter> meter, String subject) {
        boolean needed = needsEvents(charge.price());
        for (int i = 0; i < charge.matrix().size() && !needed; i++) {
            needed = needsEvents(charge.matrix().get(i).price());
        }
        if (needed) {
            report(
                    at(path, ".meter"),
                    meter,
                    subject
                            + "freeEvents, freeAmount, minPerEvent and maxPerEvent need a meter with perEvent: true, which "
                            + meter.object().meter() + " is not");
        }
    }

    private static boolean needsEvents(Price price) {
        return price.model() instanceof PriceModel.Percentage percentage && percentage.needsEvents();
    }

    private static String at(String path, String field) {
        return path.isEmpty() ? "" : path + field;
    }

    /** One date for one plan, one currency for one plan. */
    private void plansAcrossVersions() {
        Map<String, Map<Instant, Located<PricingVersion>>> dates = new HashMap<>();
        Map<String, Located<PricingVersion>> first = new HashMap<>();
        for (Located<PricingVersion> version : allVersions) {
            PricingVersion object = version.object();
            boolean isDated = !errors.isBroken(version.path() + ".effectiveFrom");
            boolean isPriced = !errors.isBroken(version.path() + ".currency");
            for (Plan plan : object.plans()) {
                if (isDated) {
                    Located<PricingVersion> twin = dates.computeIfAbsent(plan.plan(), name -> new HashMap<>())
                            .putIfAbsent(object.effectiveFrom(), version);
                    if (twin != null && !twin.equals(version)) {
                        report(
                                at(version.path(), ".effectiveFrom"),
                                twin,
                                "plan " + plan.plan() + " has a version of this date already: "
                                        + twin.object().version());
                    }
                }
                Located<PricingVersion> other = isPriced ? first.putIfAbsent(plan.plan(), version) : null;
                if (other != null && !other.object().currency().equals(object.currency())) {
                    report(
                            at(version.path(), ".currency"),
                            other,
                            "plan " + plan.plan() + " is in " + other.object().currency() + " in version "
                                    + other.object().version() + " and keeps that currency in all versions");
                }
            }
        }
    }

    private void subscription(Located<Subscription> located) {
        Subscription subscription = located.object();
        String path = located.path();
        String subject = path.isEmpty() ? "subscription " + subscription.subscription() + ": " : "";
        boolean isPlanKnown = !errors.isBroken(path + ".plan") && plan(subscription, path, subject);
        String pin = subscription.pricingVersion();
        if (pin != null) {
            named(pin, subscription, at(path, ".pricingVersion"), subject, isPlanKnown);
        }
        for (int i = 0; i < subscription.shadow().size(); i++) {
            String shadow = subscription.shadow().get(i);
            named(shadow, subscription, at(path, ".shadow[" + i + "]"), subject, isPlanKnown);
        }
        if (isPlanKnown && pin == null && !errors.isBroken(path + ".start")) {
            inForceFromStart(subscription, path, subject);
        }
        if (isPlanKnown && !path.isEmpty()) {
            provider(subscription, path);
        }
        Subscription.Provider provider = subscription.provider();
        if (isPlanKnown && provider != null && UsageModes.isUsage(provider)) {
            usageMode(subscription, provider, path, subject);
        }
    }

    /** A credit names subscriptions of its tenant, or none. */
    private void credit(Located<CreditGrant> located) {
        CreditGrant grant = located.object();
        for (int i = 0; i < grant.subscriptions().size(); i++) {
            String name = grant.subscriptions().get(i);
            String path = located.path() + ".subscriptions[" + i + "]";
            Optional<Subscription> found = allSubscriptions.stream()
                    .map(Located::object)
                    .filter(subscription -> subscription.subscription().equals(name))
                    .findFirst();
            if (found.isEmpty()) {
                List<String> names = allSubscriptions.stream()
                        .map(subscription -> subscription.object().subscription())
                        .toList();
                errors.add(path, "there is no subscription " + name + suggestion(name, names));
            } else if (!found.get().tenant().equals(grant.tenant())) {
                errors.add(
                        path,
                        "subscription " + name + " is tenant " + found.get().tenant() + "'s, and the credit is "
                                + grant.tenant() + "'s");
            }
        }
    }

    private boolean plan(Subscription subscription, String path, String subject) {
        if (withPlan(subscription.plan()).isEmpty() && !isKnownWhole(versionsByPlan)) {
            return false;
        }
        if (withPlan(subscription.plan()).isEmpty()) {
            report(
                    at(path, ".plan"),
                    culprit(subscription.plan()),
                    subject + "no pricing version has a plan " + subscription.plan()
                            + suggestion(subscription.plan(), versionsByPlan.keySet()));
            return false;
        }
        return true;
    }

    private List<Located<PricingVersion>> withPlan(String plan) {
        return versionsByPlan.getOrDefault(plan, List.of());
    }

    /** The version of a document that had the plan before: what it changed is why a subscription that stands lacks its plan now. */
    private @Nullable Located<PricingVersion> culprit(String plan) {
        return allVersions.stream()
                .filter(version -> !version.path().isEmpty())
                .filter(version -> {
                    PricingVersion before =
                            current.pricing().get(version.object().version());
                    return before != null && before.plan(plan).isPresent();
                })
                .findFirst()
                .orElse(null);
    }

    private void named(String name, Subscription subscription, String path, String subject, boolean isPlanKnown) {
        Located<PricingVersion> version = versions.get(name);
        if (version == null && !isKnownWhole(versions)) {
            return;
        }
        if (version == null) {
            report(path, null, "there is no pricing version " + name + suggestion(name, versions.keySet()));
        } else if (isPlanKnown && version.object().plan(subscription.plan()).isEmpty()) {
            report(path, version, subject + "version " + name + " has no plan " + subscription.plan());
        }
    }

    /** Without a version in force usage would be billed by nothing. */
    private void inForceFromStart(Subscription subscription, String path, String subject) {
        List<Located<PricingVersion>> candidates = withPlan(subscription.plan());
        boolean isCovered = candidates.stream()
                .anyMatch(version -> errors.isBroken(version.path() + ".effectiveFrom")
                        || !version.object().effectiveFrom().isAfter(subscription.start()));
        if (!isCovered) {
            report(
                    at(path, ".start"),
                    culprit(subscription.plan()),
                    subject + "no version of plan " + subscription.plan() + " is in force at " + subscription.start()
                            + "; the first begins at "
                            + candidates.stream()
                                    .map(version -> version.object().effectiveFrom())
                                    .min(Instant::compareTo)
                                    .map(Instant::toString)
                                    .orElse("no time"));
        }
    }

    private void provider(Subscription subscription, String path) {
        Subscription.Provider provider = subscription.provider();
        if (provider == null || !provider.name().equals("paystack") || errors.isBroken(path + ".provider.name")) {
            return;
        }
        Located<PricingVersion> version = withPlan(subscription.plan()).get(0);
        String currency = version.object().currency();
        if (Currencies.isCurrency(currency) && !Currencies.isTakenByPaystack(currency)) {
            errors.add(
                    path + ".provider.name",
                    "paystack takes no " + currency + ", which plan " + subscription.plan() + " is in");
        }
    }

    private void usageMode(Subscription subscription, Subscription.Provider provider, String path, String subject) {
        for (Located<PricingVersion> version : withPlan(subscription.plan())) {
            version.object()
                    .plan(subscription.plan())
                    .flatMap(plan -> UsageModes.problem(provider, plan, this::meter))
                    .ifPresent(problem -> report(at(path, ".provider.mode"), version, subject + problem));
        }
    }

    private @Nullable Meter meter(String name) {
        Located<Meter> meter = meters.get(name);
        return meter == null ? null : meter.object();
    }

    /** Whether every object has a name. One without, its field misspelt, may be what others refer to. */
    private static boolean isKnownWhole(Map<String, ?> byName) {
        return !byName.containsKey("");
    }

    private static String suggestion(String name, Collection<String> names) {
        return Suggestion.of(name, names)
                .map(meant -> "; did you mean " + meant + "?")
                .orElse("");
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the same usage would cost under a subscription's shadow versions, and why, in words. Nothing of it is ever charged. */
public final class ShadowRating {

    /** Most meters that an explanation names, so that it stays one. */
    private static final int METERS_MAX = 5;

    private final Catalog catalog;
    private final Subscription subscription;
    private final Period period;
    private final UsageSource usage;

    private ShadowRating(Catalog catalog, Subscription subscription, Period period, UsageSource usage) {
        this.catalog = catalog;
        this.subscription = subscription;
        this.period = period;
        this.usage = usage;
    }

    /**
     * One shadow per version that the subscription names, in that order; a version without its plan gives none.
     *
     * @param charged what the period costs in earnest
     */
    public static List<Shadow> rate(
            Catalog catalog, Subscription subscription, Period period, UsageSource usage, RatedPeriod charged) {
        List<Shadow> shadows = new ArrayList<>();
        for (String version : subscription.shadow()) {
            Subscription pinned = pinned(subscription, version);
            if (new VersionsInForce(catalog, pinned).currency().isPresent()) {
                RatedPeriod rated = PeriodRating.rate(catalog, pinned, period, usage);
                String explanation = new ShadowRating(catalog, subscription, period, usage)
                        .explanation(version, pinned, charged, rated);
                shadows.add(new Shadow(version, rated.total(), rated.total().subtract(charged.total()), explanation));
            }
        }
        return shadows;
    }

    /** The subscription as it would be under one version, whatever its date. */
    public static Subscription pinned(Subscription subscription, String version) {
        return new Subscription(
                subscription.tenant(),
                subscription.subscription(),
                subscription.plan(),
                subscription.start(),
                subscription.end(),
                subscription.period(),
                version,
                List.of(),
                subscription.lateUsage(),
                subscription.limits(),
                subscription.provider());
    }

    private String explanation(String version, Subscription pinned, RatedPeriod charged, RatedPeriod shadow) {
        List<String> now = quantities(subscription);
        List<String> then = quantities(pinned);
        String name = PeriodWords.of(period, subscription.period().timezone());
        String measured = then.isEmpty() || then.equals(now) ? "" : sentence(then) + ", ";
        String outcome = shadow.total().compareTo(charged.total()) == 0
                ? money(shadow) + ", the same."
                : money(shadow) + " instead of " + money(charged) + ".";
        return name + ": " + (now.isEmpty() ? "no usage" : sentence(now)) + ". Under " + version + ": " + measured
                + outcome;
    }

    /** What the subscription's versions bill, meter by meter in the plan's order. */
    private List<String> quantities(Subscription priced) {
        VersionsInForce versions = new VersionsInForce(catalog, priced);
        Period part = BillingPeriods.of(priced).partOf(period).orElse(period);
        Map<String, List<ChargeRun>> runsByMeter = new LinkedHashMap<>();
        for (ChargeRun run : ChargeRun.of(versions.parts(part))) {
            String meter = run.charge().meter();
            if (meter != null) {
                runsByMeter.computeIfAbsent(meter, any -> new ArrayList<>()).add(run);
            }
        }
        List<String> quantities = new ArrayList<>();
        runsByMeter.forEach((meter, runs) -> quantity(meter, runs, part).ifPresent(quantities::add));
        return quantities;
    }

    private Optional<String> quantity(String name, List<ChargeRun> runs, Period part) {
        Meter meter = catalog.meters().get(name);
        RangeUsage all = null;
        for (Map.Entry<Dimensions, RangeUsage> entry : usage.usage(name, part).entrySet()) {
            if (runs.stream().anyMatch(run -> new UsageGroups(run.charge()).takes(entry.getKey()))) {
                all = all == null ? entry.getValue() : all.merge(entry.getValue());
            }
        }
        return meter == null || all == null || all.quantity(period).isZero()
                ? Optional.empty()
                : Optional.of(QuantityWords.of(meter, all.quantity(period)));
    }

    private static String sentence(List<String> quantities) {
        List<String> named = new ArrayList<>(quantities.subList(0, Math.min(METERS_MAX, quantities.size())));
        int more = quantities.size() - named.size();
        if (more > 0) {
            named.add(more + (more == 1 ? " more meter" : " more meters"));
        }
        String last = named.remove(named.size() - 1);
        return named.isEmpty() ? last : String.join(", ", named) + " and " + last;
    }

    private static String money(RatedPeriod rated) {
        BigDecimal total = rated.total();
        return total.toPlainString() + " " + rated.currency();
    }
}

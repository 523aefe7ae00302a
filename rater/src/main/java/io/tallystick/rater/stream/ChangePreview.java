package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.stream.PreviewedCharges.Basis;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Rates a tenant's open periods twice, under the catalogue in force and under a changed one. */
final class ChangePreview {

    private final Catalog inForce;
    private final Catalog changed;
    /** The names of the versions that are new or changed. */
    private final Set<String> changedVersions;

    private final BiFunction<Subscription, RatedPeriod, List<LineItem>> invoice;
    private final Instant now;

    /** @param invoice adds what prices do not decide: corrections of earlier periods, and what prepaid credit pays */
    ChangePreview(
            Catalog inForce,
            Catalog changed,
            Set<String> changedVersions,
            BiFunction<Subscription, RatedPeriod, List<LineItem>> invoice,
            Instant now) {
        this.inForce = inForce;
        this.changed = changed;
        this.changedVersions = changedVersions;
        this.invoice = invoice;
        this.now = now;
    }

    /** One that runs, or ran, with the periods that stand open. */
    List<PreviewedCharges> ofStanding(
            BilledSubscription standing, Subscription after, List<Period> open, TenantUsage usage) {
        List<PreviewedCharges> previews = new ArrayList<>();
        Subscription before = standing.subscription();
        for (Period period : open) {
            previews.add(previewed(
                    after,
                    Basis.AS_BILLED,
                    null,
                    rate(inForce, before, period, usage),
                    rate(changed, after, period, usage)));
        }
        if (!open.isEmpty()) {
            Period current = current(open);
            RatedPeriod standingNow = rate(inForce, before, current, usage);
            for (PricingVersion version : future(after)) {
                previews.add(previewed(
                        after,
                        Basis.WHOLE_PERIOD,
                        version.version(),
                        standingNow,
                        rate(changed, pinned(after, version.version()), current, usage)));
            }
        }
        return previews;
    }

    /** One that does not exist yet, with the periods that would be open; none of them, when it starts in the future. */
    List<PreviewedCharges> ofNew(Subscription added, List<Period> open, TenantUsage usage) {
        boolean starts = !added.start().isAfter(now);
        Subscription rated = ifRunning(added);
        List<PreviewedCharges> previews = new ArrayList<>();
        for (Period period : starts ? open : List.of(current(open))) {
            previews.add(previewed(
                    added,
                    starts ? Basis.NEW_SUBSCRIPTION : Basis.WHOLE_PERIOD,
                    rated.pricingVersion(),
                    null,
                    rate(changed, rated, period, usage)));
        }
        return previews;
    }

    /**
     * A subscription of the future as if it had begun with the period that now falls in; any other as it is. Where no version of its plan is in force by
     * then, the first that will be.
     */
    Subscription ifRunning(Subscription added) {
        if (!added.start().isAfter(now)) {
            return added;
        }
        Instant start = BillingPeriods.of(added).containing(now).start();
        Subscription running = with(added, start, null, added.pricingVersion());
        List<PricingVersion> versions = changed.pricing().values().stream()
                .filter(version -> version.plan(added.plan()).isPresent())
                .sorted(Comparator.comparing(PricingVersion::effectiveFrom))
                .toList();
        boolean holds = running.pricingVersion() != null
                || versions.stream()
                        .anyMatch(version -> !version.effectiveFrom().isAfter(start));
        return holds || versions.isEmpty()
                ? running
                : pinned(running, versions.get(0).version());
    }

    private PreviewedCharges previewed(
            Subscription subscription,
            Basis basis,
            @Nullable String version,
            @Nullable RatedPeriod before,
            RatedPeriod after) {
        return new PreviewedCharges(
                subscription,
                after.period(),
                after.currency(),
                basis,
                version,
                before == null ? null : invoice.apply(subscription, before),
                invoice.apply(subscription, after));
    }

    /** Changed versions of the subscription's plan that are not in force yet. */
    private List<PricingVersion> future(Subscription subscription) {
        return subscription.pricingVersion() != null
                ? List.of()
                : changed.pricing().values().stream()
                        .filter(version -> changedVersions.contains(version.version()))
                        .filter(version -> version.effectiveFrom().isAfter(now))
                        .filter(version -> version.plan(subscription.plan()).isPresent())
                        .toList();
    }

    /** The period that now falls in; where none does, the last. */
    private Period current(List<Period> open) {
        return open.stream()
                .filter(period -> period.contains(now))
                .findFirst()
                .orElseGet(() -> open.get(open.size() - 1));
    }

    private static RatedPeriod rate(Catalog catalog, Subscription subscription, Period period, TenantUsage usage) {
        return PeriodRating.rate(catalog, subscription, period, usage.source(catalog));
    }

    private static Subscription pinned(Subscription subscription, String version) {
        return with(subscription, subscription.start(), subscription.end(), version);
    }

    private static Subscription with(
            Subscription subscription, Instant start, @Nullable Instant end, @Nullable String version) {
        return new Subscription(
                subscription.tenant(),
                subscription.subscription(),
                subscription.plan(),
                start,
                end,
                subscription.period(),
                version,
                subscription.shadow(),
                subscription.lateUsage(),
                subscription.limits(),
                subscription.provider());
    }
}

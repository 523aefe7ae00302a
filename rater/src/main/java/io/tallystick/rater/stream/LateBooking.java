package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.LateAdjustments;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Books late usage: a closed period is rated again, as a whole and under the terms of its close, and the difference to what it was
 * billed with becomes lines of the first open period. The close of that one makes the new rating the billed one, so that the
 * original and all corrections add up to one clean rating.
 */
final class LateBooking {

    /**
     * A closed period rated again, and the lines that lead there.
     *
     * @param givenBack what of it goes back to prepaid credit now; lines that come once more because a note is void gave theirs back before
     */
    record Correction(Period period, TenantRating rating, List<LineItem> lines, List<LineItem> givenBack) {}

    private final CatalogReader catalog;
    private final Function<String, Subscription> subscriptionParser;
    private final SubscriptionBook subscriptions;
    private final ChargeBook charges;
    private final UsageCache usage;
    private final AdjustmentLedger ledger;
    private final CreditBook credits;

    LateBooking(
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser,
            SubscriptionBook subscriptions,
            ChargeBook charges,
            UsageCache usage,
            AdjustmentLedger ledger,
            CreditBook credits) {
        this.catalog = catalog;
        this.subscriptionParser = subscriptionParser;
        this.subscriptions = subscriptions;
        this.charges = charges;
        this.usage = usage;
        this.ledger = ledger;
        this.credits = credits;
    }

    /** The lines of corrections as they stand on the topic for the period that carries them. */
    static List<LineItem> lines(List<Correction> corrections) {
        return corrections.stream()
                .flatMap(correction -> correction.lines().stream())
                .toList();
    }

    /** What a close at {@code now} books; nothing where late usage is only reported. */
    List<Correction> corrections(BilledSubscription subscription, Instant now) {
        List<Correction> corrections = new ArrayList<>();
        if (subscription.subscription().lateUsage() != LateUsage.REPORT_ONLY) {
            for (Period period : subscription.late()) {
                subscriptions
                        .terms(subscription, period)
                        .filter(terms -> terms.takesCorrectionsAt(now))
                        .ifPresent(terms -> corrections.add(correction(subscription.subscription(), period, terms)));
            }
        }
        return corrections;
    }

    private Correction correction(Subscription now, Period period, ClosedTerms terms) {
        CatalogRevision revision = catalog.revision(terms.revision(), CatalogReader.PATIENCE);
        Subscription then = subscriptionParser.apply(terms.document());
        TenantUsage found = usage.from(then.tenant(), HourWindow.hourOf(period.start()));
        TenantRating rating = TenantRating.of(revision, then, period, found);
        List<LineItem> billed = charges.booked(then.tenant(), then.subscription(), period);
        List<LineItem> lines =
                LateAdjustments.between(period, billed, rating.rated().lines());
        List<LineItem> givenBack = credits.givenBack(now, period, lines);
        List<LineItem> all =
                AdjustmentLedger.sum(AdjustmentLedger.sum(lines, givenBack), ledger.withdrawn(then, period));
        return new Correction(period, rating, all, givenBack);
    }

    /**
     * The corrections are billed. What is too old to be corrected from now on is forgotten. Says whether prepaid credit was given back.
     *
     * @param marker of the period whose invoice they are on, or that an adjustment invoice is named after
     */
    boolean book(BilledSubscription subscription, PeriodClosed marker, List<Correction> corrections, Instant now) {
        Optional<Period> carrier =
                marker.attempt() == PeriodClosed.ADJUSTMENTS ? Optional.empty() : Optional.of(marker.period());
        ledger.carry(subscription.subscription(), carrier, marker.period(), lines(corrections));
        String tenant = subscription.subscription().tenant();
        boolean isGivenBack = false;
        for (Correction correction : corrections) {
            ledger.rebooked(subscription.subscription(), correction.period());
            isGivenBack |=
                    credits.correct(marker, subscription.subscription(), correction.period(), correction.givenBack());
            charges.rebook(
                    tenant,
                    subscription.name(),
                    correction.period(),
                    correction.rating().records());
        }
        for (Period period : subscription.late()) {
            subscriptions.booked(subscription, period);
        }
        for (Instant start : subscriptions.forgetBefore(subscription, now)) {
            charges.forget(tenant, subscription.name(), start);
            ledger.forget(tenant, subscription.name(), start);
        }
        return isGivenBack;
    }
}

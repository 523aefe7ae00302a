package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.LateAdjustments;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.event.LineItem;
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

    /** A closed period rated again, and the lines that lead there. */
    record Correction(Period period, TenantRating rating, List<LineItem> lines) {}

    private final CatalogReader catalog;
    private final Function<String, Subscription> subscriptionParser;
    private final SubscriptionBook subscriptions;
    private final ChargeBook charges;
    private final UsageCache usage;
    private final AdjustmentLedger ledger;

    LateBooking(
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser,
            SubscriptionBook subscriptions,
            ChargeBook charges,
            UsageCache usage,
            AdjustmentLedger ledger) {
        this.catalog = catalog;
        this.subscriptionParser = subscriptionParser;
        this.subscriptions = subscriptions;
        this.charges = charges;
        this.usage = usage;
        this.ledger = ledger;
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
                        .ifPresent(terms -> corrections.add(correction(period, terms)));
            }
        }
        return corrections;
    }

    private Correction correction(Period period, ClosedTerms terms) {
        CatalogRevision revision = catalog.revision(terms.revision(), CatalogReader.PATIENCE);
        Subscription then = subscriptionParser.apply(terms.document());
        TenantUsage found = usage.from(then.tenant(), HourWindow.hourOf(period.start()));
        TenantRating rating = TenantRating.of(revision, then, period, found);
        List<LineItem> billed = charges.booked(then.tenant(), then.subscription(), period);
        return new Correction(
                period,
                rating,
                LateAdjustments.between(period, billed, rating.rated().lines()));
    }

    /**
     * The corrections are billed. What is too old to be corrected from now on is forgotten.
     *
     * @param carrier the period whose invoice they are on; empty for an adjustment invoice
     */
    void book(BilledSubscription subscription, Optional<Period> carrier, List<Correction> corrections, Instant now) {
        ledger.carry(subscription.subscription(), carrier, lines(corrections));
        String tenant = subscription.subscription().tenant();
        for (Correction correction : corrections) {
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
    }
}

package io.tallystick.rater.stream;

import io.tallystick.rater.stream.LateBooking.Correction;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a close marker means for a period that is closed already: a reissue bills it anew, as a whole and under what is in force at the
 * marker; a marker for adjustments books what is late of a subscription that has no next invoice; another first close changes nothing.
 */
final class Reclosing {

    private final CatalogReader catalog;
    private final SubscriptionBook subscriptions;
    private final ChargeBook charges;
    private final UsageCache usage;
    private final LateUsage late;
    private final LateBooking booking;
    private final AdjustmentLedger ledger;
    private final CreditBook credits;

    Reclosing(
            CatalogReader catalog,
            SubscriptionBook subscriptions,
            ChargeBook charges,
            UsageCache usage,
            LateUsage late,
            LateBooking booking,
            AdjustmentLedger ledger,
            CreditBook credits) {
        this.catalog = catalog;
        this.subscriptions = subscriptions;
        this.charges = charges;
        this.usage = usage;
        this.late = late;
        this.booking = booking;
        this.ledger = ledger;
        this.credits = credits;
    }

    /** @param at the timestamp of the marker's record */
    void close(PeriodClosed marker, BilledSubscription subscription, Instant at, ChargeBook.Emitter emitter) {
        if (marker.attempt() == PeriodClosed.ADJUSTMENTS) {
            adjust(marker, subscription, at, emitter);
        } else if (marker.attempt() > 1) {
            reissue(marker, subscription, at, emitter);
        } else {
            emit(marker, Coverage.EMPTY, emitter);
        }
    }

    /** A voided bill gives back its prepaid credit, and the corrections on it are late again; says whether anything of this happened. */
    boolean take(InvoiceCommand command) {
        boolean isGivenBack = credits.take(command);
        Optional<AdjustmentLedger.Withdrawn> withdrawn = ledger.take(command);
        withdrawn.ifPresent(some -> {
            BilledSubscription billed = subscriptions.of(command.tenant()).get(some.subscription());
            if (billed != null) {
                some.periods().forEach(period -> subscriptions.markLate(billed, period));
            }
        });
        return isGivenBack || withdrawn.isPresent();
    }

    private void adjust(PeriodClosed marker, BilledSubscription subscription, Instant at, ChargeBook.Emitter emitter) {
        if (!subscription.isOver()) {
            return; // the next close books it
        }
        List<Correction> corrections = booking.corrections(subscription, at);
        List<LineItem> lines = LateBooking.lines(corrections);
        if (!lines.isEmpty()) {
            CatalogRevision revision = revision(marker);
            bill(
                    marker,
                    TenantRating.nothing(revision, subscription.subscription(), marker.period())
                            .with(revision, subscription.subscription(), lines),
                    emitter);
        }
        booking.book(subscription, marker, corrections, at);
        late.forget(subscription);
    }

    private void reissue(PeriodClosed marker, BilledSubscription billed, Instant at, ChargeBook.Emitter emitter) {
        Period period = marker.period();
        Optional<ClosedTerms> terms = subscriptions.terms(billed, period).filter(then -> then.takesCorrectionsAt(at));
        if (terms.isEmpty()) {
            return; // what other invoices have of it is forgotten, so it could be billed twice
        }
        CatalogRevision revision = revision(marker);
        TenantUsage found = usage.from(marker.tenant(), HourWindow.hourOf(period.start()));
        TenantRating rating = TenantRating.of(revision, billed.subscription(), period, found);
        List<LineItem> corrections = new ArrayList<>(ledger.carriedBy(billed.subscription(), period));
        corrections.addAll(ledger.takingBack(billed.subscription(), period));
        String version = rating.linesWith(corrections).stream()
                .findFirst()
                .map(LineItem::pricingVersion)
                .orElse("");
        corrections.addAll(credits.settle(
                marker, billed.subscription(), ledger.withdrawn(billed.subscription(), period), version));
        List<LineItem> payments = credits.reissuePayments(
                billed.subscription(), period, rating.rated().currency(), rating.linesWith(corrections));
        TenantRating bill = rating.with(revision, billed.subscription(), corrections)
                .paid(revision, billed.subscription(), payments);
        bill(marker, bill, emitter);
        credits.use(marker, billed.subscription(), rating.linesWith(corrections), payments);
        ledger.rebooked(billed.subscription(), period);
        charges.rebook(marker.tenant(), billed.name(), period, rating.records());
        subscriptions.reissue(marker, billed, terms.get().closedAt());
        late.forget(billed, period);
    }

    private void bill(PeriodClosed marker, TenantRating rating, ChargeBook.Emitter emitter) {
        charges.replace(marker.tenant(), marker.subscription(), marker.period(), rating.records(), emitter);
        emit(marker, charges.coverage(marker.tenant(), marker.subscription(), marker.period()), emitter);
        charges.withdraw(marker.tenant(), marker.subscription(), marker.period(), emitter);
    }

    private static void emit(PeriodClosed marker, Coverage coverage, ChargeBook.Emitter emitter) {
        PeriodClosed vouched = marker.withCoverage(coverage);
        emitter.emit(RecordKeys.of((ChargeRecord) vouched), TopicCodecs.CHARGES.encode(vouched));
    }

    private CatalogRevision revision(PeriodClosed marker) {
        return catalog.revision(marker.revision(), CatalogReader.PATIENCE);
    }
}

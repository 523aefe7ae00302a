package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A subscription with what is known of its periods: which are closed, and so which are open. */
final class BilledSubscription {

    private final Subscription subscription;
    private final BillingPeriods periods;
    private final Set<Instant> closed;
    /** No period before this one is open. */
    private Period firstCandidate;

    /** @param closed the starts of the closed periods */
    BilledSubscription(Subscription subscription, Set<Instant> closed) {
        this.subscription = subscription;
        this.periods = BillingPeriods.of(subscription);
        this.closed = new TreeSet<>(closed);
        this.firstCandidate = periods.first();
    }

    Subscription subscription() {
        return subscription;
    }

    boolean isClosed(Period period) {
        return closed.contains(period.start());
    }

    /** Whether the subscription runs in a period that is not closed. */
    boolean isOpen(Period period) {
        return !isClosed(period) && periods.includes(period);
    }

    void close(Period period) {
        closed.add(period.start());
    }

    /** The billing period that an hour falls in, whether or not it is open. */
    Period periodOf(long hour) {
        return periods.containing(HourWindow.startOf(hour));
    }

    /** The unclosed periods up to the one of the newest usage, and in any case the first unclosed one; none after the subscription's end. */
    List<Period> open(long newestHour) {
        while (isClosed(firstCandidate)) {
            firstCandidate = periods.next(firstCandidate);
        }
        Instant newest = HourWindow.startOf(newestHour);
        List<Period> open = new ArrayList<>();
        Period period = firstCandidate;
        while (periods.includes(period) && (open.isEmpty() || !period.start().isAfter(newest))) {
            if (!isClosed(period)) {
                open.add(period);
            }
            period = periods.next(period);
        }
        return open;
    }

    /** Whether any version of the subscription's plan has a charge on the meter. */
    boolean bills(String meter, Catalog catalog) {
        return catalog.pricing().values().stream()
                .flatMap(version -> version.plan(subscription.plan()).stream())
                .flatMap(plan -> plan.charges().stream())
                .anyMatch(charge -> meter.equals(charge.meter()));
    }
}

package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A subscription with what is known of its periods: which are open, which are closed, and which of those have late usage. */
final class BilledSubscription {

    private final Subscription subscription;
    private final BillingPeriods periods;
    /** The starts of closed periods behind the first open one; those before it need no list. */
    private final NavigableSet<Instant> closed;
    /** The starts of closed periods with usage that is not booked yet. */
    private final NavigableSet<Instant> late;
    /** The first period that is not closed. */
    private Period firstOpen;

    /**
     * @param closed the starts of the closed periods
     * @param late of these, the ones with usage that is not booked yet
     */
    BilledSubscription(Subscription subscription, Collection<Instant> closed, Collection<Instant> late) {
        this.subscription = subscription;
        this.periods = BillingPeriods.of(subscription);
        this.closed = new TreeSet<>(closed);
        this.late = new TreeSet<>(late);
        this.firstOpen = periods.first();
        passClosed();
    }

    Subscription subscription() {
        return subscription;
    }

    String name() {
        return subscription.subscription();
    }

    boolean isClosed(Period period) {
        boolean passed = !period.start().isBefore(periods.first().start())
                && period.start().isBefore(firstOpen.start());
        return passed || closed.contains(period.start());
    }

    /** Whether the subscription runs in a period that is not closed. */
    boolean isOpen(Period period) {
        return !isClosed(period) && periods.includes(period);
    }

    void close(Period period) {
        closed.add(period.start());
        passClosed();
    }

    private void passClosed() {
        while (closed.remove(firstOpen.start())) {
            firstOpen = periods.next(firstOpen);
        }
    }

    /** The closed periods with usage that is not booked yet, the earliest first. */
    List<Period> late() {
        return late.stream().map(periods::containing).toList();
    }

    /** Whether this is news. */
    boolean markLate(Period period) {
        return late.add(period.start());
    }

    void booked(Period period) {
        late.remove(period.start());
    }

    /** The billing period that an hour falls in, whether or not it is open. */
    Period periodOf(long hour) {
        return periods.containing(HourWindow.startOf(hour));
    }

    /** The closed period that an hour is billed in, or none. */
    List<Period> closedAt(long hour) {
        Instant start = HourWindow.startOf(hour);
        Period period = periods.containing(start);
        boolean billed =
                periods.partOf(period).filter(part -> part.contains(start)).isPresent();
        return billed && isClosed(period) ? List.of(period) : List.of();
    }

    /** Every closed period that ends behind the hour's start: what a level of that hour may hold on into. */
    List<Period> closedFrom(long hour) {
        Period first = periods.first();
        Period period = periods.containing(HourWindow.startOf(hour));
        if (period.start().isBefore(first.start())) {
            period = first;
        }
        Instant last = closed.isEmpty() ? firstOpen.start() : closed.last();
        List<Period> found = new ArrayList<>();
        for (; !period.start().isAfter(last); period = periods.next(period)) {
            if (isClosed(period)) {
                found.add(period);
            }
        }
        return found;
    }

    /** The unclosed periods up to the one of the newest usage, and in any case the first unclosed one; none after the subscription's end. */
    List<Period> open(long newestHour) {
        Instant newest = HourWindow.startOf(newestHour);
        List<Period> open = new ArrayList<>();
        Period period = firstOpen;
        while (periods.includes(period) && (open.isEmpty() || !period.start().isAfter(newest))) {
            if (!isClosed(period)) {
                open.add(period);
            }
            period = periods.next(period);
        }
        return open;
    }

    /** Whether this is the period whose close books what is late: the first open one. */
    boolean takesCorrections(Period period) {
        return period.equals(firstOpen);
    }

    /** Whether every period is closed and none follows: no close to come books what is late. */
    boolean isOver() {
        return !periods.includes(firstOpen);
    }

    /** The first open period; it may be behind the subscription's end. */
    Period firstOpen() {
        return firstOpen;
    }

    /** Whether any version of the subscription's plan has a charge on the meter. */
    boolean bills(String meter, Catalog catalog) {
        return catalog.pricing().values().stream()
                .flatMap(version -> version.plan(subscription.plan()).stream())
                .flatMap(plan -> plan.charges().stream())
                .anyMatch(charge -> meter.equals(charge.meter()));
    }
}

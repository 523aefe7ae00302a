package io.tallystick.schemas.catalog;

import io.tallystick.schemas.catalog.Subscription.BillingCycle;
import io.tallystick.schemas.catalog.Subscription.Every;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The billing periods of one subscription: local time cut at the anchor and at every whole number of steps from it, in both directions.
 *
 * <p>Each boundary is counted from the anchor and not from the boundary before it, so an anchor on the 31st is the 31st again after a short month.
 * A boundary keeps the anchor's local time through daylight saving. Where that local time does not exist, the boundary is as much later as the clock was
 * put forward; where it exists twice, it is the one with the anchor's offset from UTC, else the earlier.
 *
 * <p>A period keeps its full bounds when the subscription starts or ends inside it: only {@link #partOf} is billed, as a share of the whole.
 */
public final class BillingPeriods {

    private final ZonedDateTime anchor;
    private final long steps;
    private final ChronoUnit unit;
    private final String subscription;
    private final Instant start;
    private final @Nullable Instant end;

    private BillingPeriods(BillingCycle cycle, String subscription, Instant start, @Nullable Instant end) {
        anchor = cycle.anchor().atZone(cycle.timezone());
        steps = cycle.every() == Every.P3M ? 3 : 1;
        unit = switch (cycle.every()) {
            case P1D -> ChronoUnit.DAYS;
            case P1W -> ChronoUnit.WEEKS;
            case P1M, P3M -> ChronoUnit.MONTHS;
            case P1Y -> ChronoUnit.YEARS;
        };
        this.subscription = subscription;
        this.start = start;
        this.end = end;
    }

    public static BillingPeriods of(Subscription subscription) {
        return new BillingPeriods(
                subscription.period(), subscription.subscription(), subscription.start(), subscription.end());
    }

    /** The period that an instant falls in, whether or not the subscription runs then. */
    public Period containing(Instant instant) {
        long number =
                unit.between(anchor.toLocalDateTime(), instant.atZone(zone()).toLocalDateTime()) / steps;
        while (boundary(number).isAfter(instant)) {
            number--;
        }
        Instant next = boundary(number + 1);
        while (!next.isAfter(instant)) {
            number++;
            next = boundary(number + 1);
        }
        return new Period(boundary(number), next);
    }

    /** The period behind one of these periods. */
    public Period next(Period period) {
        return containing(period.end());
    }

    /** The period in front of one of these periods. */
    public Period previous(Period period) {
        return containing(period.start().minusNanos(1));
    }

    /** The period that the subscription starts in. */
    public Period first() {
        return containing(start);
    }

    /** Whether exactly this is a period of the subscription: bounds of its cycle, and the subscription runs in it. */
    public boolean includes(Period period) {
        return partOf(period).isPresent() && containing(period.start()).equals(period);
    }

    /** The part of a period in which the subscription runs; empty when it does not. */
    public Optional<Period> partOf(Period period) {
        Instant from = period.start().isBefore(start) ? start : period.start();
        Instant to = closesAt(period);
        return from.isBefore(to) ? Optional.of(new Period(from, to)) : Optional.empty();
    }

    /** When a period can be closed: at its end, or already at the end of the subscription. */
    public Instant closesAt(Period period) {
        return end != null && end.isBefore(period.end()) ? end : period.end();
    }

    /** The subscription's periods that {@link #closesAt close} at {@code through} or before, the earliest first. Lazy: there may be very many. */
    public Stream<Period> closingThrough(Instant through) {
        return Stream.iterate(
                first(),
                period -> partOf(period).isPresent() && !closesAt(period).isAfter(through),
                this::next);
    }

    /** The local date on which a period starts. */
    public LocalDate firstDay(Period period) {
        return period.start().atZone(zone()).toLocalDate();
    }

    /** The calendar month, in the subscription's zone, in which a period starts. */
    public YearMonth month(Period period) {
        return YearMonth.from(firstDay(period));
    }

    /**
     * What names the invoice of a period: the subscription and the period's first day. Where the subscription's period before began on the same day (a
     * daily boundary at 23:00 that a clock change put past midnight), {@code T} and the hour follow.
     */
    public String invoiceId(Period period) {
        LocalDate day = firstDay(period);
        Period before = previous(period);
        String hour = "";
        if (partOf(before).isPresent() && firstDay(before).equals(day)) {
            hour = String.format(
                    Locale.ROOT, "T%02d", period.start().atZone(zone()).getHour());
        }
        return subscription + '-' + day + hour;
    }

    private ZoneId zone() {
        return anchor.getZone();
    }

    private Instant boundary(long number) {
        Instant exact = anchor.plus(number * steps, unit).toInstant();
        // A zone may have stood off the whole hour long ago; windows never do.
        return HourWindow.startOf(HourWindow.hourOf(exact));
    }
}

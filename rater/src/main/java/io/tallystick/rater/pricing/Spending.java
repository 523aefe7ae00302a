package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.LineItem.Kind;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;

/**
 * What a subscription has spent as limits see it: the rounded usage lines. Fees and true-ups are known beforehand and no limit can keep them down.
 *
 * <p>A day has spent what it added to its billing periods: what they cost with all usage until the day's end, less what they cost with the usage until its
 * start. So tiers and allowances count, and late and voided usage counts on the day it happened.
 */
public final class Spending {

    private final Catalog catalog;
    private final Subscription subscription;
    private final UsageSource usage;

    public Spending(Catalog catalog, Subscription subscription, UsageSource usage) {
        this.catalog = catalog;
        this.subscription = subscription;
        this.usage = usage;
    }

    /** The calendar day that an instant falls on in the subscription's zone, from midnight (or when the day begins) to the next. */
    public static Period dayOf(Subscription subscription, Instant instant) {
        var zone = subscription.period().timezone();
        LocalDate day = instant.atZone(zone).toLocalDate();
        return new Period(
                day.atStartOfDay(zone).toInstant(),
                day.plusDays(1).atStartOfDay(zone).toInstant());
    }

    /** In one whole billing period. */
    public BigDecimal in(Period period) {
        return in(period, usage);
    }

    /** On one day, in all billing periods that it has a part of. */
    public BigDecimal on(Period day) {
        BillingPeriods periods = BillingPeriods.of(subscription);
        Period period = periods.containing(day.start());
        BigDecimal spent = spentOn(day, period);
        while (period.end().isBefore(day.end())) {
            period = periods.next(period);
            spent = spent.add(spentOn(day, period));
        }
        return spent;
    }

    private BigDecimal spentOn(Period day, Period period) {
        return in(period, until(day.end())).subtract(in(period, until(day.start())));
    }

    private BigDecimal in(Period period, UsageSource usage) {
        return of(PeriodRating.rate(catalog, subscription, period, usage));
    }

    /** In a billing period that is rated already. */
    public static BigDecimal of(RatedPeriod rated) {
        return rated.lines().stream()
                .filter(line -> line.kind() == Kind.USAGE)
                .map(LineItem::amount)
                .reduce(BigDecimal.ZERO.setScale(MinorUnits.of(rated.currency())), BigDecimal::add);
    }

    private UsageSource until(Instant end) {
        return (meter, range) -> {
            if (!range.start().isBefore(end)) {
                return Collections.emptySortedMap();
            }
            return usage.usage(meter, range.end().isBefore(end) ? range : new Period(range.start(), end));
        };
    }
}

package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.Spending;
import io.tallystick.rater.pricing.SpendingLimits;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What a subscription has spent, as limits see it: in the period and on the day of its newest usage.
 *
 * @param onDay 0 where no limit asks for it
 * @param usedAt when usage was recorded last; the epoch if that is not known
 */
record Spent(Period period, BigDecimal inPeriod, Period day, BigDecimal onDay, Instant usedAt) {

    /** What is not caused by usage does not move the time it was recorded at. */
    Spent notUsedBefore(Instant known) {
        return usedAt.isBefore(known) ? new Spent(period, inPeriod, day, onDay, known) : this;
    }

    String text() {
        return CanonicalJson.write(List.of(
                period.start().toString(),
                period.end().toString(),
                inPeriod.toPlainString(),
                day.start().toString(),
                day.end().toString(),
                onDay.toPlainString(),
                usedAt.toString()));
    }

    /** Of what {@link #text} wrote. All that a rating asks of the one before, some thousand times in a commit. */
    static Instant usedAt(String text) {
        int end = text.lastIndexOf('"');
        return Instant.parse(text.substring(text.lastIndexOf('"', end - 1) + 1, end));
    }

    static Spent parse(String text) {
        List<String> parts = RecordKeys.elementsOf(text);
        return new Spent(
                new Period(Instant.parse(parts.get(0)), Instant.parse(parts.get(1))),
                new BigDecimal(parts.get(2)),
                new Period(Instant.parse(parts.get(3)), Instant.parse(parts.get(4))),
                new BigDecimal(parts.get(5)),
                Instant.parse(parts.get(6)));
    }

    /** What counts at {@code now}: nothing any more of a period or a day that has ended, by the clock, since usage was recorded last. */
    SpendingLimits limits(Subscription subscription, Subscription.Limits limits, Instant now) {
        return new SpendingLimits(limits, inPeriodAt(subscription, now), onDayAt(subscription, now));
    }

    BigDecimal inPeriodAt(Subscription subscription, Instant now) {
        Instant recorded = BillingPeriods.of(subscription).containing(usedAt).end();
        return isOver(recorded, period.end(), now) ? BigDecimal.ZERO.setScale(inPeriod.scale()) : inPeriod;
    }

    private BigDecimal onDayAt(Subscription subscription, Instant now) {
        Instant recorded = Spending.dayOf(subscription, usedAt).end();
        return isOver(recorded, day.end(), now) ? BigDecimal.ZERO.setScale(onDay.scale()) : onDay;
    }

    /**
     * History may be imported, and clocks differ a little: a stretch is over only when both the one that was judged and the one that
     * usage was recorded in have ended.
     */
    private static boolean isOver(Instant recorded, Instant judged, Instant now) {
        return !now.isBefore(recorded) && !now.isBefore(judged);
    }
}

package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Usage behind a close marker: it is in the totals and not on the invoice, which never changes. Reported as an alert each time it
 * changes, and kept per window until the next close: what was billed, and what stands there now.
 */
final class LateUsage {

    private final KeyValueStore<String, byte[]> reported;

    /** @param reported the newest alert of each subscription, period and window */
    LateUsage(KeyValueStore<String, byte[]> reported) {
        this.reported = reported;
    }

    /** Whether a total belongs to a closed period of any of its tenant's subscriptions. */
    static boolean concerns(SubscriptionBook book, WindowTotal total) {
        for (BilledSubscription subscription : book.of(total.tenant()).values()) {
            if (!closedPeriods(subscription, total).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The closed periods that a total belongs to. */
    private static List<Period> closedPeriods(BilledSubscription subscription, WindowTotal total) {
        return total.state() instanceof Levels
                ? subscription.closedFrom(total.hour())
                : subscription.closedAt(total.hour());
    }

    /** What a window's new total means for closed periods of the tenant's subscriptions that bill the meter, which are marked. */
    List<Alert> report(
            Catalog catalog, SubscriptionBook book, Optional<WindowTotal> before, WindowTotal now, long timestamp) {
        Meter meter = catalog.meters().get(now.meter());
        boolean unchanged = before.isPresent() && before.get().state().equals(now.state());
        if (meter == null || unchanged) {
            return List.of();
        }
        List<Alert> alerts = new ArrayList<>();
        for (BilledSubscription subscription : book.of(now.tenant()).values()) {
            List<Period> affected = closedPeriods(subscription, now);
            if (!affected.isEmpty() && subscription.bills(now.meter(), catalog)) {
                boolean taken = false;
                for (Period period : affected) {
                    taken |= book.markLate(subscription, period);
                }
                alerts.add(remember(subscription, affected.get(0), meter, before, now, timestamp, taken));
            }
        }
        return alerts;
    }

    /** What is late is booked, or was only to be reported: the next that comes is measured against what stands now. */
    void forget(BilledSubscription subscription) {
        forget(SubscriptionBook.prefix(subscription.subscription().tenant(), subscription.name()));
    }

    /** As the other, of one period. */
    void forget(BilledSubscription subscription, Period period) {
        forget(SubscriptionBook.prefix(subscription.subscription().tenant(), subscription.name(), period));
    }

    private void forget(String prefix) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = reported.prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                keys.add(entries.next().key);
            }
        }
        keys.forEach(reported::delete);
    }

    private Alert remember(
            BilledSubscription subscription,
            Period period,
            Meter meter,
            Optional<WindowTotal> before,
            WindowTotal now,
            long timestamp,
            boolean taken) {
        String name = subscription.name();
        String key = SubscriptionBook.key(now.tenant(), name, period.start().toString(), RecordKeys.of(now));
        byte @Nullable [] known = reported.get(key);
        BigDecimal billed = known != null
                ? TopicCodecs.ALERTS.decode(known).before()
                : before.map(total -> quantity(meter, total)).orElse(BigDecimal.ZERO);
        BigDecimal quantity = quantity(meter, now);
        Instant hour = HourWindow.startOf(now.hour());
        Alert alert = new Alert(
                now.tenant(),
                Alert.Kind.LATE_USAGE,
                name,
                period,
                now.meter(),
                now.dimensions(),
                Instant.ofEpochMilli(timestamp),
                null,
                billed,
                quantity,
                now.meter() + " of the hour " + hour + " is " + DecimalText.canonical(quantity)
                        + " and was " + DecimalText.canonical(billed) + " when the period was billed: "
                        + consequence(subscription, taken));
        reported.put(key, TopicCodecs.ALERTS.encode(alert));
        return alert;
    }

    private static String consequence(BilledSubscription subscription, boolean taken) {
        if (!taken) {
            return "that was longer ago than corrections are taken, so it is in the totals and is not booked";
        }
        String next = subscription.isOver() ? "an adjustment invoice" : "the next invoice";
        return switch (subscription.subscription().lateUsage()) {
            case NEXT_INVOICE -> "the difference is on " + next;
            case CREDIT_NOTE -> "the difference is on " + next + ", or on a credit note if it is negative";
            case REPORT_ONLY -> "it is in the totals and not on the invoice";
        };
    }

    private static BigDecimal quantity(Meter meter, WindowTotal total) {
        Period hour = new Period(HourWindow.startOf(total.hour()), HourWindow.startOf(total.hour() + 1));
        return RangeUsage.of(meter, hour)
                .inside(total.state())
                .usage()
                .quantity()
                .shownDecimal();
    }
}

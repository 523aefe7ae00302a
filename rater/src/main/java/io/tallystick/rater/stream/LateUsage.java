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
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Usage behind a close marker: it is in the totals and not on the invoice, which never changes. Kept per window with what stood
 * there when the period was closed and what stands there now, and reported as an alert each time it changes.
 */
final class LateUsage {

    private final KeyValueStore<String, byte[]> reported;

    /** @param reported the newest alert of each subscription, period and window */
    LateUsage(KeyValueStore<String, byte[]> reported) {
        this.reported = reported;
    }

    /** What a window's new total means for closed periods of the tenant's subscriptions that bill the meter. */
    List<Alert> report(
            Catalog catalog,
            SortedMap<String, BilledSubscription> subscriptions,
            Optional<WindowTotal> before,
            WindowTotal now,
            long timestamp) {
        Meter meter = catalog.meters().get(now.meter());
        boolean unchanged = before.isPresent() && before.get().state().equals(now.state());
        if (meter == null || unchanged) {
            return List.of();
        }
        List<Alert> alerts = new ArrayList<>();
        for (BilledSubscription subscription : subscriptions.values()) {
            Period period = subscription.periodOf(now.hour());
            if (subscription.isClosed(period) && subscription.bills(now.meter(), catalog)) {
                alerts.add(remember(subscription, period, meter, before, now, timestamp));
            }
        }
        return alerts;
    }

    private Alert remember(
            BilledSubscription subscription,
            Period period,
            Meter meter,
            Optional<WindowTotal> before,
            WindowTotal now,
            long timestamp) {
        String name = subscription.subscription().subscription();
        String key = SubscriptionBook.key(now.tenant(), name, period.start().toString(), RecordKeys.of(now));
        byte @Nullable [] known = reported.get(key);
        BigDecimal atClose = known != null
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
                atClose,
                quantity,
                now.meter() + " of the hour " + hour + " is " + DecimalText.canonical(quantity)
                        + " and was " + DecimalText.canonical(atClose)
                        + " when the period was closed: it is in the totals and not on the invoice");
        reported.put(key, TopicCodecs.ALERTS.encode(alert));
        return alert;
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

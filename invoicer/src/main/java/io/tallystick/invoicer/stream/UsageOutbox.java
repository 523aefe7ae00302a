package io.tallystick.invoicer.stream;

import io.tallystick.invoicer.delivery.HourUsage;
import io.tallystick.invoicer.delivery.UsageDeliveries;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.UsageModes;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The hours of subscriptions whose provider rates usage itself, and what of them is still to be sent. An hour goes when the records have moved on to a later
 * one, and again when late usage has changed it; a close does not wait for that.
 */
final class UsageOutbox {

    private final KeyValueStore<String, String> metered;
    private final KeyValueStore<String, String> hours;
    private final KeyValueStore<String, String> due;
    private final Function<String, Subscription> subscriptions;

    /**
     * @param metered the quantity of each hour and dimension combination, by the key that it has on the topic
     * @param hours the {@link HourUsage} of each hour
     * @param due the keys of the hours to be sent, with the hour in front
     * @param subscriptions by name
     */
    UsageOutbox(
            KeyValueStore<String, String> metered,
            KeyValueStore<String, String> hours,
            KeyValueStore<String, String> due,
            Function<String, Subscription> subscriptions) {
        this.metered = metered;
        this.hours = hours;
        this.due = due;
        this.subscriptions = subscriptions;
    }

    private record Hour(String tenant, String subscription, String meter, Instant start) {

        static Hour of(MeteredHour metered) {
            return new Hour(
                    metered.tenant(), metered.subscription(), metered.meter(), HourWindow.startOf(metered.hour()));
        }

        static Hour parse(String key) {
            List<String> parts = RecordKeys.elementsOf(key);
            return new Hour(parts.get(0), parts.get(1), parts.get(2), Instant.parse(parts.get(3)));
        }

        String key() {
            return CanonicalJson.write(List.of(tenant, subscription, meter, start.toString()));
        }

        String dueKey() {
            return start + " " + key();
        }
    }

    void take(MeteredHour record) {
        String place = RecordKeys.of(record);
        @Nullable String before = metered.get(place);
        metered.put(place, record.quantity().toPlainString());
        Hour hour = Hour.of(record);
        HourUsage usage =
                usage(hour).plus(record.quantity().subtract(before == null ? BigDecimal.ZERO : new BigDecimal(before)));
        hours.put(hour.key(), usage.text());
        if (usage.isDue()) {
            due.put(hour.dueKey(), "");
        } else {
            due.delete(hour.dueKey());
        }
    }

    /** Sends what has come together of the hours before this one. */
    void sendBefore(Instant hour, Consumer<Delivery> sink) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, String> entries = due.range(null, hour.toString())) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        send(keys, some -> true, sink);
    }

    /** Sends all that there is of the subscription's usage before the end of the closed period. */
    void sendClosed(PeriodClosed closed, Consumer<Delivery> sink) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, String> entries =
                due.range(null, closed.period().end().toString())) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        send(
                keys,
                hour -> hour.tenant().equals(closed.tenant())
                        && hour.subscription().equals(closed.subscription()),
                sink);
    }

    /** Whether a provider has been sent usage of this subscription and period. */
    boolean hasSent(String tenant, String subscription, Period period) {
        String prefix = CanonicalJson.write(List.of(tenant, subscription));
        try (KeyValueIterator<String, String> entries =
                hours.prefixScan(prefix.substring(0, prefix.length() - 1) + ",", new StringSerializer())) {
            while (entries.hasNext()) {
                var entry = entries.next();
                boolean isSent = HourUsage.parse(entry.value).sent().signum() != 0;
                if (isSent && period.contains(Hour.parse(entry.key).start())) {
                    return true;
                }
            }
        }
        return false;
    }

    private void send(List<String> dueKeys, Predicate<Hour> chosen, Consumer<Delivery> sink) {
        for (String key : dueKeys) {
            Hour hour = Hour.parse(key.substring(key.indexOf(' ') + 1));
            if (chosen.test(hour)) {
                due.delete(key);
                send(hour, sink);
            }
        }
    }

    private void send(Hour hour, Consumer<Delivery> sink) {
        Subscription.Provider provider =
                subscriptions.apply(hour.subscription()).provider();
        if (provider == null || !UsageModes.isUsage(provider)) {
            return; // it was changed meanwhile; should it be changed back, the open hours come again
        }
        HourUsage usage = usage(hour);
        Period period = new Period(hour.start(), HourWindow.startOf(HourWindow.hourOf(hour.start()) + 1));
        sink.accept(
                provider.mode().equals(UsageModes.USAGE_RECORDS)
                        ? UsageDeliveries.usageRecord(
                                hour.tenant(),
                                hour.subscription(),
                                provider,
                                hour.meter(),
                                period,
                                usage.deliveries(),
                                usage.total())
                        : UsageDeliveries.meterEvent(
                                hour.tenant(),
                                hour.subscription(),
                                provider,
                                hour.meter(),
                                period,
                                usage.deliveries(),
                                usage.unsent()));
        hours.put(hour.key(), usage.delivered().text());
    }

    private HourUsage usage(Hour hour) {
        String text = hours.get(hour.key());
        return text == null ? HourUsage.NONE : HourUsage.parse(text);
    }
}

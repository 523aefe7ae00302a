package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.pricing.Spending;
import io.tallystick.rater.pricing.SpendingLimits;
import io.tallystick.rater.pricing.SpendingLimits.Reached;
import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.Limits;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Alert.Span;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What spending limits have to tell: each share of a limit once for each billing period or day, also when usage is voided and the
 * share is reached again.
 */
final class LimitAlerts {

    private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

    private final KeyValueStore<String, byte[]> given;
    private final Map<String, SortedSet<Long>> touchedHours = new HashMap<>();

    /** @param given the alert of each share that was reached while its period is open */
    LimitAlerts(KeyValueStore<String, byte[]> given) {
        this.given = given;
    }

    /** A tenant's usage of an hour has changed, and so may what its day has spent. */
    void touched(String tenant, long hour) {
        touchedHours.computeIfAbsent(tenant, name -> new TreeSet<>()).add(hour);
    }

    /** The tenant's limits have been looked at for all that was touched. */
    void evaluated(String tenant) {
        touchedHours.remove(tenant);
    }

    /** The days to look at: those of changed usage and that of the newest, as long as an invoice can still change; none without a limit of the day. */
    List<Period> days(BilledSubscription subscription, long newestHour) {
        Limits limits = subscription.subscription().limits();
        if (limits == null || limits.day() == null) {
            return List.of();
        }
        SortedSet<Long> hours = new TreeSet<>(
                touchedHours.getOrDefault(subscription.subscription().tenant(), new TreeSet<>()));
        hours.add(newestHour);
        SortedSet<Period> days = new TreeSet<>(Comparator.comparing(Period::start));
        for (long hour : hours) {
            if (subscription.isOpen(subscription.periodOf(hour))) {
                days.add(Spending.dayOf(subscription.subscription(), HourWindow.startOf(hour)));
            }
        }
        return List.copyOf(days);
    }

    /** From where usage is needed for what a day has spent: the start of the billing period that the day begins in. */
    static long firstHourFor(BilledSubscription subscription, Period day) {
        return HourWindow.hourOf(
                subscription.periodOf(HourWindow.hourOf(day.start())).start());
    }

    /** What a billing period as it is rated now reaches for the first time. */
    List<Alert> inPeriod(Subscription subscription, RatedPeriod rated, long timestamp) {
        Limits limits = subscription.limits();
        return limits == null
                ? List.of()
                : reached(
                        new SpendingLimits(limits, Spending.of(rated), BigDecimal.ZERO),
                        Span.PERIOD,
                        rated.period(),
                        subscription,
                        rated.currency(),
                        timestamp);
    }

    /** What a day reaches for the first time. */
    List<Alert> onDay(Catalog catalog, Subscription subscription, Period day, UsageSource usage, long timestamp) {
        Limits limits = subscription.limits();
        return limits == null
                ? List.of()
                : reached(
                        new SpendingLimits(limits, BigDecimal.ZERO, new Spending(catalog, subscription, usage).on(day)),
                        Span.DAY,
                        day,
                        subscription,
                        currency(catalog, subscription.plan()),
                        timestamp);
    }

    /** A plan has one currency in all versions. */
    private static String currency(Catalog catalog, String plan) {
        return catalog.pricing().values().stream()
                .filter(version -> version.plan(plan).isPresent())
                .map(PricingVersion::currency)
                .findFirst()
                .orElseThrow();
    }

    /** A period is closed: nothing is alerted for it or its days any more. */
    void forget(Subscription subscription, Period closed) {
        List<String> ended = new ArrayList<>();
        String prefix = SubscriptionBook.prefix(subscription.tenant(), subscription.subscription());
        try (KeyValueIterator<String, byte[]> entries = given.prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                var entry = entries.next();
                if (!TopicCodecs.ALERTS.decode(entry.value).period().end().isAfter(closed.end())) {
                    ended.add(entry.key);
                }
            }
        }
        ended.forEach(given::delete);
    }

    private List<Alert> reached(
            SpendingLimits spending,
            Span span,
            Period period,
            Subscription subscription,
            String currency,
            long timestamp) {
        List<Alert> alerts = new ArrayList<>();
        for (Reached reached : spending.reached()) {
            String key = SubscriptionBook.key(
                    subscription.tenant(),
                    subscription.subscription(),
                    period.start().toString(),
                    reached.name());
            if (reached.span() == span && given.get(key) == null) {
                Alert alert = alert(reached, period, subscription, currency, timestamp);
                given.put(key, TopicCodecs.ALERTS.encode(alert));
                alerts.add(alert);
            }
        }
        return alerts;
    }

    private static Alert alert(
            Reached reached, Period period, Subscription subscription, String currency, long timestamp) {
        Limits limits = subscription.limits();
        boolean blocked = limits != null && limits.block() && reached.spent().compareTo(reached.limit()) >= 0;
        Alert.ReachedLimit limit = new Alert.ReachedLimit(
                reached.span(), reached.share(), blocked, blocked && limits != null ? limits.fallback() : null);
        return new Alert(
                subscription.tenant(),
                Alert.Kind.LIMIT_REACHED,
                subscription.subscription(),
                period,
                null,
                Dimensions.NONE,
                Instant.ofEpochMilli(timestamp),
                currency,
                reached.limit(),
                reached.spent(),
                message(reached, limit, period, subscription, currency),
                limit);
    }

    private static String message(
            Reached reached, Alert.ReachedLimit limit, Period period, Subscription subscription, String currency) {
        String percent = DecimalText.canonical(reached.share().multiply(PERCENT));
        StringBuilder message = new StringBuilder("usage of " + subscription.subscription() + " in the "
                + (reached.span() == Span.DAY ? "day" : "billing period") + " from " + period.start() + " has come to "
                + reached.spent().toPlainString() + " " + currency + ", which reaches " + percent
                + " % of the limit of "
                + reached.limit().toPlainString() + " " + currency);
        if (limit.blocked()) {
            message.append(": more is refused");
            if (limit.fallback() != null) {
                message.append(", ").append(limit.fallback()).append(" is to be used instead");
            }
        }
        return message.toString();
    }
}

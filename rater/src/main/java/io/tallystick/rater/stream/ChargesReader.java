package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.pricing.Spending;
import io.tallystick.rater.pricing.SpendingLimits;
import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads charges from the stores of the running rater. */
public final class ChargesReader {

    private static final int RETRY_AFTER_SECONDS = 2;

    private final KafkaStreams streams;
    private final Topics topics;
    private final CatalogReader catalog;
    private final Function<String, Subscription> subscriptionParser;

    public ChargesReader(
            KafkaStreams streams,
            Topics topics,
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser) {
        this.streams = streams;
        this.topics = topics;
        this.catalog = catalog;
        this.subscriptionParser = subscriptionParser;
    }

    /**
     * The open periods of all subscriptions of a tenant, by subscription, the earliest first; nothing for an unknown tenant.
     *
     * @param now what projections take as the end of what is known
     */
    public List<OpenCharges> open(String tenant, Instant now) {
        return reading(() -> {
            List<OpenCharges> open = new ArrayList<>();
            Optional<Catalog> inForce = inForce(tenant);
            if (inForce.isPresent()) {
                SortedMap<String, BilledSubscription> subscriptions = subscriptions(tenant);
                long newest = newestHour(tenant);
                UsageSource usage = source(inForce.get(), usageFrom(tenant, firstOpenHour(subscriptions, newest)));
                for (BilledSubscription subscription : subscriptions.values()) {
                    for (Period period : subscription.open(newest)) {
                        open.add(charges(inForce.get(), subscription.subscription(), period, usage, now));
                    }
                }
            }
            return open;
        });
    }

    /** Usage behind a close, as of the newest change of each window. */
    public List<Alert> late(String tenant) {
        return reading(() -> {
            List<Alert> late = new ArrayList<>();
            forEach(
                    RaterTopology.LATE,
                    tenant,
                    SubscriptionBook.prefix(tenant),
                    value -> late.add(TopicCodecs.ALERTS.decode(value)));
            return late;
        });
    }

    /**
     * What a subscription has spent of its limits, in its period and on its day of newest usage; of a tenant's only subscription when
     * {@code name} is empty. Empty when there is none such.
     */
    public Optional<Spent> spent(String tenant, Optional<String> name) {
        return reading(() -> {
            SortedMap<String, BilledSubscription> subscriptions = subscriptions(tenant);
            Optional<BilledSubscription> asked = name.isPresent()
                    ? Optional.ofNullable(subscriptions.get(name.get()))
                    : subscriptions.values().stream().findFirst();
            Optional<Catalog> inForce = inForce(tenant);
            if (asked.isEmpty() || inForce.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(spent(inForce.get(), asked.get(), tenant));
        });
    }

    /** A subscription and what its limits say. */
    public record Spent(Subscription subscription, BigDecimal inPeriod, BigDecimal onDay) {

        public SpendingLimits.Access access(BigDecimal amount) {
            return subscription.limits() == null
                    ? SpendingLimits.unlimited(inPeriod)
                    : new SpendingLimits(subscription.limits(), inPeriod, onDay).access(amount);
        }
    }

    private Spent spent(Catalog inForce, BilledSubscription subscription, String tenant) {
        long newest = newestHour(tenant);
        List<Period> open = subscription.open(newest);
        Subscription billed = subscription.subscription();
        if (open.isEmpty()) {
            return new Spent(billed, BigDecimal.ZERO, BigDecimal.ZERO);
        }
        Period current = open.get(open.size() - 1);
        Period day = Spending.dayOf(billed, HourWindow.startOf(newest));
        Period dayBegins = subscription.periodOf(HourWindow.hourOf(day.start()));
        Instant first = dayBegins.start().isBefore(current.start()) ? dayBegins.start() : current.start();
        UsageSource usage = source(inForce, usageFrom(tenant, HourWindow.hourOf(first)));
        Spending spending = new Spending(inForce, billed, usage);
        return new Spent(billed, spending.in(current), spending.on(day));
    }

    private OpenCharges charges(
            Catalog inForce, Subscription subscription, Period period, UsageSource usage, Instant now) {
        List<LineItem> lines = new ArrayList<>();
        List<Shadow> shadows = new ArrayList<>();
        String prefix = SubscriptionBook.prefix(subscription.tenant(), subscription.subscription(), period);
        forEach(RaterTopology.CHARGES, subscription.tenant(), prefix, value -> {
            ChargeRecord record = TopicCodecs.CHARGES.decode(value);
            if (record instanceof ChargeLine line) {
                lines.add(line.line());
            } else if (record instanceof ShadowCharge shadow) {
                shadows.add(shadow.shadow());
            }
        });
        lines.sort(LineItem.INVOICE_ORDER);
        RatedPeriod projected = PeriodRating.projected(inForce, subscription, period, usage, now);
        BigDecimal total = BigDecimal.ZERO.setScale(projected.total().scale());
        for (LineItem line : lines) {
            total = total.add(line.amount());
        }
        return new OpenCharges(subscription, period, projected.currency(), lines, total, projected.total(), shadows);
    }

    private SortedMap<String, BilledSubscription> subscriptions(String tenant) {
        return SubscriptionBook.read(
                tenant,
                store(RaterTopology.SUBSCRIPTIONS, tenant),
                store(RaterTopology.CLOSED, tenant),
                subscriptionParser);
    }

    private Optional<Catalog> inForce(String tenant) {
        Integer number =
                this.<String, Integer>store(RaterTopology.REVISION, tenant).get(RatingProcessor.IN_FORCE);
        return Optional.ofNullable(number)
                .map(revision -> catalog.revision(revision, Duration.ZERO).catalog());
    }

    private TenantUsage usageFrom(String tenant, long hour) {
        ReadOnlyKeyValueStore<Bytes, byte[]> windows = store(RaterTopology.WINDOWS, tenant);
        ReadOnlyKeyValueStore<Bytes, byte[]> levels = store(RaterTopology.LEVELS, tenant);
        TenantUsage usage = new TenantUsage(hour);
        WindowStore.forEach(levels, tenant, Long.MIN_VALUE, hour, usage::put);
        WindowStore.forEach(windows, tenant, hour, Long.MAX_VALUE, usage::put);
        return usage;
    }

    private static long firstOpenHour(SortedMap<String, BilledSubscription> subscriptions, long newest) {
        return subscriptions.values().stream()
                .flatMap(subscription -> subscription.open(newest).stream())
                .mapToLong(period -> HourWindow.hourOf(period.start()))
                .min()
                .orElse(newest);
    }

    private static UsageSource source(Catalog inForce, TenantUsage usage) {
        return (meter, range) -> {
            var definition = inForce.meters().get(meter);
            return definition == null ? Collections.emptySortedMap() : usage.usage(definition, range);
        };
    }

    private long newestHour(String tenant) {
        Long newest =
                this.<String, Long>store(RaterTopology.NEWEST_HOURS, tenant).get(tenant);
        return newest == null ? RatingProcessor.NO_HOUR : newest;
    }

    private void forEach(String store, String tenant, String prefix, Consumer<byte[]> action) {
        try (KeyValueIterator<String, byte[]> entries =
                this.<String, byte[]>store(store, tenant).prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                action.accept(entries.next().value);
            }
        }
    }

    private <K, V> ReadOnlyKeyValueStore<K, V> store(String name, String tenant) {
        int partition = TenantPartitioner.partitionOf(tenant, topics.partitions());
        return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<K, V>keyValueStore())
                .withPartition(partition));
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask();
    }

    private static <T> T reading(Question<T> question) {
        try {
            return question.ask();
        } catch (InvalidStateStoreException e) { // restoring, moving, or not held here
            throw RequestRefused.notReady(
                    "the charges of this tenant are being restored or are moving to another process; try again in a moment",
                    RETRY_AFTER_SECONDS);
        }
    }
}

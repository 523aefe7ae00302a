package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.CreditAccount;
import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.pricing.SpendingLimits;
import io.tallystick.rater.pricing.UsageCost;
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
import io.tallystick.schemas.stream.StoreTable;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private final Function<String, ReadOnlyKeyValueStore<Bytes, byte[]>> stores;
    private final CatalogReader catalog;
    private final Function<String, Subscription> subscriptionParser;

    public ChargesReader(
            KafkaStreams streams,
            Topics topics,
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser) {
        this(
                tenant -> streams.store(StoreQueryParameters.fromNameAndType(
                                RaterTopology.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(TenantPartitioner.partitionOf(tenant, topics.partitions()))),
                catalog,
                subscriptionParser);
    }

    /** @param stores the one that has a tenant's tables */
    ChargesReader(
            Function<String, ReadOnlyKeyValueStore<Bytes, byte[]>> stores,
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser) {
        this.stores = stores;
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
                long newest = newestHour(tenant);
                List<BilledSubscription> subscriptions =
                        List.copyOf(subscriptions(tenant).values());
                TenantUsage usage = load(tenant, subscriptions);
                for (BilledSubscription subscription : subscriptions) {
                    for (Period period : subscription.open(newest)) {
                        open.add(charges(
                                inForce.get(), subscription.subscription(), period, usage.source(inForce.get()), now));
                    }
                }
            }
            return open;
        });
    }

    /** The tenant's prepaid credit; an empty account for an unknown tenant. */
    public CreditAccount credits(String tenant) {
        return reading(() -> CreditBook.read(tenant, store(RaterTopology.CREDITS, tenant)));
    }

    /**
     * What the open periods of some of a tenant's subscriptions would cost under a changed catalogue, each beside what it costs now.
     *
     * @param changed as it would be in force
     * @param changedVersions the names of its versions that are new or changed
     * @param names of the subscriptions, standing or new
     */
    public List<PreviewedCharges> preview(
            String tenant, Catalog changed, Set<String> changedVersions, Set<String> names, Instant now) {
        return reading(() -> {
            Catalog inForce = inForce(tenant).orElseGet(() -> Catalog.empty(changed.settings()));
            ChangePreview preview = new ChangePreview(inForce, changed, changedVersions, this::invoiceOf, now);
            SortedMap<String, BilledSubscription> standing = subscriptions(tenant);
            long newest = newestHour(tenant);
            SortedMap<String, BilledSubscription> rated = new TreeMap<>();
            for (String name : names) {
                BilledSubscription before = standing.get(name);
                rated.put(
                        name,
                        before != null
                                ? before
                                : new BilledSubscription(
                                        preview.ifRunning(Objects.requireNonNull(
                                                changed.subscriptions().get(name))),
                                        List.of(),
                                        List.of()));
            }
            TenantUsage usage = load(tenant, List.copyOf(rated.values()));
            List<PreviewedCharges> previews = new ArrayList<>();
            rated.forEach((name, subscription) -> {
                Subscription after =
                        Objects.requireNonNull(changed.subscriptions().get(name));
                List<Period> open = subscription.open(newest);
                previews.addAll(
                        standing.containsKey(name)
                                ? preview.ofStanding(subscription, after, open, usage)
                                : preview.ofNew(after, open, usage));
            });
            return previews;
        });
    }

    /** What is rated, with what prices do not decide: the corrections of earlier periods as they stand, and what prepaid credit pays. */
    private List<LineItem> invoiceOf(Subscription subscription, RatedPeriod rated) {
        List<LineItem> lines = new ArrayList<>(rated.lines());
        String prefix = SubscriptionBook.prefix(subscription.tenant(), subscription.subscription(), rated.period());
        forEach(RaterTopology.CHARGES, subscription.tenant(), prefix, value -> {
            if (TopicCodecs.CHARGES.decode(value) instanceof ChargeLine line
                    && line.line().kind() == LineItem.Kind.ADJUSTMENT) {
                lines.add(line.line());
            }
        });
        lines.addAll(CreditBook.payments(
                CreditBook.read(subscription.tenant(), store(RaterTopology.CREDITS, subscription.tenant())),
                subscription,
                rated.period(),
                rated.currency(),
                lines));
        return lines;
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
     * Whether a subscription may spend {@code amount} more; of all of the tenant's, when {@code name} is empty, the one that leaves it
     * least. Empty when there is none such.
     *
     * @param now tells a period or a day that is over from one that lasts
     */
    public Optional<SpendingAnswer> access(String tenant, Optional<String> name, BigDecimal amount, Instant now) {
        return reading(() -> {
            SortedMap<String, Subscription> subscriptions =
                    SubscriptionBook.documents(tenant, store(RaterTopology.SUBSCRIPTIONS, tenant), subscriptionParser);
            return subscriptions.values().stream()
                    .filter(subscription -> name.isEmpty() || name.get().equals(subscription.subscription()))
                    .map(subscription -> new SpendingAnswer(subscription, access(subscription, amount, now)))
                    .min(SpendingAnswer.TIGHTEST);
        });
    }

    /** A subscription and what its limits say. */
    public record SpendingAnswer(Subscription subscription, SpendingLimits.Access access) {

        /** What refuses, then what leaves least, then what has no limit. */
        private static final Comparator<SpendingAnswer> TIGHTEST = Comparator.<SpendingAnswer, Boolean>comparing(
                        answer -> answer.access().allowed())
                .thenComparing(answer -> answer.access().remaining(), Comparator.nullsLast(Comparator.naturalOrder()));
    }

    private SpendingLimits.Access access(Subscription subscription, BigDecimal amount, Instant now) {
        String key = SubscriptionBook.key(subscription.tenant(), subscription.subscription());
        String text = store(RaterTopology.SPENT, subscription.tenant()).get(key);
        Subscription.Limits limits = subscription.limits();
        if (text == null) { // applied within this commit
            return limits == null
                    ? SpendingLimits.unlimited(BigDecimal.ZERO)
                    : new SpendingLimits(limits, BigDecimal.ZERO, BigDecimal.ZERO).access(amount);
        }
        Spent spent = Spent.parse(text);
        return limits == null
                ? SpendingLimits.unlimited(spent.inPeriodAt(subscription, now))
                : spent.limits(subscription, limits, now).access(amount);
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
        List<LineItem> expected = new ArrayList<>(projected.lines());
        for (LineItem line : lines) {
            total = total.add(line.amount());
            if (line.kind() == LineItem.Kind.ADJUSTMENT) {
                expected.add(line); // of other periods: nothing of it is projected
            }
        }
        expected.addAll(CreditBook.payments(
                CreditBook.read(subscription.tenant(), store(RaterTopology.CREDITS, subscription.tenant())),
                subscription,
                period,
                projected.currency(),
                expected));
        BigDecimal projectedTotal =
                expected.stream().map(LineItem::amount).reduce(total.subtract(total), BigDecimal::add);
        UsageCost cost = UsageCost.of(inForce, subscription, period, projected.currency(), usage, lines);
        return new OpenCharges(subscription, period, projected.currency(), lines, total, projectedTotal, shadows, cost);
    }

    private SortedMap<String, BilledSubscription> subscriptions(String tenant) {
        return SubscriptionBook.read(
                tenant,
                store(RaterTopology.SUBSCRIPTIONS, tenant),
                store(RaterTopology.CLOSED, tenant),
                subscriptionParser);
    }

    private Optional<Catalog> inForce(String tenant) {
        Integer number = store(RaterTopology.REVISION, tenant).get(RatingProcessor.IN_FORCE);
        return Optional.ofNullable(number)
                .map(revision -> catalog.revision(revision, Duration.ZERO).catalog());
    }

    /** The tenant's windows from its first open period on. */
    private TenantUsage load(String tenant, List<BilledSubscription> subscriptions) {
        long from = subscriptions.stream()
                .mapToLong(subscription ->
                        HourWindow.hourOf(subscription.firstOpen().start()))
                .min()
                .orElse(Long.MAX_VALUE);
        TenantUsage usage = new TenantUsage(from);
        if (!subscriptions.isEmpty()) {
            WindowStore.forEachFrom(
                    store(RaterTopology.WINDOWS, tenant),
                    store(RaterTopology.LEVELS, tenant),
                    tenant,
                    from,
                    usage::put);
        }
        return usage;
    }

    private long newestHour(String tenant) {
        Long newest = store(RaterTopology.NEWEST_HOURS, tenant).get(tenant);
        return newest == null ? RatingProcessor.NO_HOUR : newest;
    }

    private void forEach(StoreTable<String, byte[]> table, String tenant, String prefix, Consumer<byte[]> action) {
        try (KeyValueIterator<String, byte[]> entries =
                store(table, tenant).prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                action.accept(entries.next().value);
            }
        }
    }

    private <K, V> ReadOnlyKeyValueStore<K, V> store(StoreTable<K, V> table, String tenant) {
        return table.in(stores.apply(tenant));
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

package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The subscriptions of this partition's tenants, as they came in band, and which of their periods are closed. */
final class SubscriptionBook {

    private static final int TENANTS_ON_HEAP_MAX = 10_000;

    private final KeyValueStore<String, String> documents;
    private final KeyValueStore<String, String> closed;
    private final Function<String, Subscription> parser;
    private final Map<String, SortedMap<String, BilledSubscription>> byTenant = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SortedMap<String, BilledSubscription>> eldest) {
            return size() > TENANTS_ON_HEAP_MAX;
        }
    };

    /**
     * @param documents by tenant and name: the canonical JSON
     * @param closed by tenant, subscription and start: the {@link ClosedTerms}
     */
    SubscriptionBook(
            KeyValueStore<String, String> documents,
            KeyValueStore<String, String> closed,
            Function<String, Subscription> parser) {
        this.documents = documents;
        this.closed = closed;
        this.parser = parser;
    }

    void set(SubscriptionSet set) {
        documents.put(key(set.tenant(), set.subscription()), set.document());
        byTenant.remove(set.tenant());
    }

    /** @param at the timestamp of the marker's record */
    void close(PeriodClosed marker, Instant at) {
        BilledSubscription subscription = of(marker.tenant()).get(marker.subscription());
        if (subscription == null) {
            throw new IllegalStateException("no subscription " + marker.subscription());
        }
        ClosedTerms terms =
                new ClosedTerms(marker.revision(), at, CatalogCanonical.json(subscription.subscription()), false);
        closed.put(key(subscription, marker.period()), terms.text());
        subscription.close(marker.period());
    }

    /** A closed period is billed anew, with all that is late in it, under the marker's revision and the subscription as it stands. */
    void reissue(PeriodClosed marker, BilledSubscription subscription, Instant closedAt) {
        ClosedTerms terms =
                new ClosedTerms(marker.revision(), closedAt, CatalogCanonical.json(subscription.subscription()), false);
        closed.put(key(subscription, marker.period()), terms.text());
        subscription.booked(marker.period());
    }

    /** What a period was closed under; empty when it takes no corrections any more. */
    Optional<ClosedTerms> terms(BilledSubscription subscription, Period period) {
        return Optional.ofNullable(closed.get(key(subscription, period))).map(ClosedTerms::parse);
    }

    /** Notes usage behind the close, to be booked; false when the period takes no corrections any more. */
    boolean markLate(BilledSubscription subscription, Period period) {
        Optional<ClosedTerms> terms = terms(subscription, period);
        if (terms.isPresent() && subscription.markLate(period)) {
            closed.put(key(subscription, period), terms.get().asLate(true).text());
        }
        return terms.isPresent();
    }

    /** All that is late in the period is booked, or reported for good. */
    void booked(BilledSubscription subscription, Period period) {
        terms(subscription, period)
                .ifPresent(terms -> closed.put(
                        key(subscription, period), terms.asLate(false).text()));
        subscription.booked(period);
    }

    /** Forgets what the periods were closed under that take no corrections any more, and gives their starts. */
    List<Instant> forgetBefore(BilledSubscription subscription, Instant now) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, String> entries = closed.prefixScan(
                prefix(subscription.subscription().tenant(), subscription.name()), new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, String> entry = entries.next();
                @Nullable ClosedTerms terms = ClosedTerms.parse(entry.value);
                if (terms != null && !terms.takesCorrectionsAt(now)) {
                    old.add(entry.key);
                }
            }
        }
        List<Instant> starts = new ArrayList<>();
        for (String key : old) {
            closed.put(key, ClosedTerms.FORGOTTEN);
            starts.add(startOf(key));
        }
        return starts;
    }

    /** The tenant's subscriptions, by name. */
    SortedMap<String, BilledSubscription> of(String tenant) {
        return byTenant.computeIfAbsent(tenant, this::load);
    }

    /** Every tenant of the partition that has a subscription, in order. */
    void forEachTenant(Consumer<String> action) {
        String last = "";
        List<String> tenants = new ArrayList<>();
        try (KeyValueIterator<String, String> entries = documents.all()) {
            while (entries.hasNext()) {
                String tenant = RecordKeys.tenantOf(entries.next().key);
                if (!tenant.equals(last)) {
                    tenants.add(tenant);
                    last = tenant;
                }
            }
        }
        tenants.forEach(action);
    }

    private SortedMap<String, BilledSubscription> load(String tenant) {
        return read(tenant, documents, closed, parser);
    }

    /** Reads a tenant's subscriptions from stores as they stand. */
    static SortedMap<String, BilledSubscription> read(
            String tenant,
            ReadOnlyKeyValueStore<String, String> documents,
            ReadOnlyKeyValueStore<String, String> closed,
            Function<String, Subscription> parser) {
        SortedMap<String, BilledSubscription> loaded = new TreeMap<>();
        documents(tenant, documents, parser)
                .forEach((name, subscription) -> loaded.put(name, billed(subscription, closed)));
        return loaded;
    }

    /** Reads what a tenant's subscriptions say, by name. */
    static SortedMap<String, Subscription> documents(
            String tenant, ReadOnlyKeyValueStore<String, String> documents, Function<String, Subscription> parser) {
        SortedMap<String, Subscription> loaded = new TreeMap<>();
        try (KeyValueIterator<String, String> entries = documents.prefixScan(prefix(tenant), new StringSerializer())) {
            while (entries.hasNext()) {
                Subscription subscription = parser.apply(entries.next().value);
                loaded.put(subscription.subscription(), subscription);
            }
        }
        return loaded;
    }

    private static BilledSubscription billed(Subscription subscription, ReadOnlyKeyValueStore<String, String> closed) {
        List<Instant> starts = new ArrayList<>();
        List<Instant> late = new ArrayList<>();
        try (KeyValueIterator<String, String> entries =
                closed.prefixScan(prefix(subscription.tenant(), subscription.subscription()), new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, String> entry = entries.next();
                @Nullable ClosedTerms terms = ClosedTerms.parse(entry.value);
                starts.add(startOf(entry.key));
                if (terms != null && terms.late()) {
                    late.add(startOf(entry.key));
                }
            }
        }
        return new BilledSubscription(subscription, starts, late);
    }

    /** When the period starts whose key, or whose line's key, this is. */
    static Instant startOf(String key) {
        return Instant.parse(RecordKeys.elementsOf(key).get(2));
    }

    private static String key(BilledSubscription subscription, Period period) {
        return key(
                subscription.subscription().tenant(),
                subscription.name(),
                period.start().toString());
    }

    static String key(String... parts) {
        return CanonicalJson.write(List.of(parts));
    }

    /** What every key that begins with these parts and goes on begins with. */
    static String prefix(String... parts) {
        String whole = key(parts);
        return whole.substring(0, whole.length() - 1) + ",";
    }

    /** The prefix of the keys of a period's lines. */
    static String prefix(String tenant, String subscription, Period period) {
        return prefix(tenant, subscription, period.start().toString());
    }
}

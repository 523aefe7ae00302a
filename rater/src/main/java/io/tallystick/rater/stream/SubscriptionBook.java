package io.tallystick.rater.stream;

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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The subscriptions of this partition's tenants, as they came in band, and which of their periods are closed. */
final class SubscriptionBook {

    private static final int TENANTS_ON_HEAP_MAX = 10_000;

    private final KeyValueStore<String, String> documents;
    private final KeyValueStore<String, Integer> closed;
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
     * @param closed by tenant, subscription and start: the revision that the period was closed under
     */
    SubscriptionBook(
            KeyValueStore<String, String> documents,
            KeyValueStore<String, Integer> closed,
            Function<String, Subscription> parser) {
        this.documents = documents;
        this.closed = closed;
        this.parser = parser;
    }

    void set(SubscriptionSet set) {
        documents.put(key(set.tenant(), set.subscription()), set.document());
        byTenant.remove(set.tenant());
    }

    void close(PeriodClosed marker) {
        closed.put(
                key(
                        marker.tenant(),
                        marker.subscription(),
                        marker.period().start().toString()),
                marker.revision());
        BilledSubscription subscription = of(marker.tenant()).get(marker.subscription());
        if (subscription != null) {
            subscription.close(marker.period());
        }
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
            ReadOnlyKeyValueStore<String, Integer> closed,
            Function<String, Subscription> parser) {
        SortedMap<String, BilledSubscription> loaded = new TreeMap<>();
        try (KeyValueIterator<String, String> entries = documents.prefixScan(prefix(tenant), new StringSerializer())) {
            while (entries.hasNext()) {
                Subscription subscription = parser.apply(entries.next().value);
                String name = subscription.subscription();
                loaded.put(name, new BilledSubscription(subscription, closedOf(tenant, name, closed)));
            }
        }
        return loaded;
    }

    private static Set<Instant> closedOf(
            String tenant, String subscription, ReadOnlyKeyValueStore<String, Integer> closed) {
        Set<Instant> starts = new TreeSet<>();
        try (KeyValueIterator<String, Integer> entries =
                closed.prefixScan(prefix(tenant, subscription), new StringSerializer())) {
            while (entries.hasNext()) {
                starts.add(
                        Instant.parse(RecordKeys.elementsOf(entries.next().key).get(2)));
            }
        }
        return starts;
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

package io.tallystick.rater.stream;

import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** From {@code usage.totals} to {@code billing.charges}: one source, one processor, two sinks, all by the tenant's partition. */
final class RaterTopology {

    static final String CHARGES_SINK = "billing-charges";
    static final String ALERTS_SINK = "billing-alerts";

    static final String COMMIT_HOOK = "commit-hook-v1";
    /** Every window total, by tenant and hour. */
    static final String WINDOWS = "windows-v1";
    /** The window totals of levels once more: they hold on behind their own period. */
    static final String LEVELS = "levels-v1";
    /** The newest hour with usage, by tenant. */
    static final String NEWEST_HOURS = "newest-hours-v1";
    /** The document of each subscription, by tenant and name. */
    static final String SUBSCRIPTIONS = "subscriptions-v1";
    /** What each closed period was closed under, and whether usage behind the close has yet to be booked. */
    static final String CLOSED = "closed-v1";
    /** What stands on the topic for the open periods. */
    static final String CHARGES = "charges-v1";
    /** What the closed ones were billed with, for as long as they take corrections. */
    static final String BOOKED = "booked-v1";
    /** The corrections that invoices carry of periods that are not their own, by subscription, carrying period and line. */
    static final String ADJUSTED = "adjusted-v1";
    /** Usage behind a close that is not booked yet, by subscription, period and window. */
    static final String LATE = "late-v1";
    /** The alert given for each share of a spending limit, by subscription, period or day, and share. */
    static final String ALERTED = "alerted-v1";
    /** What each subscription has spent, as limits see it. */
    static final String SPENT = "spent-v1";
    /** The grants of prepaid credit of each tenant, and every event of theirs. */
    static final String CREDITS = "credits-v1";
    /** The revision in force in the partition, and the one that every tenant is rated under. */
    static final String REVISION = "revision-v1";

    private static final String SOURCE = "usage-totals";
    private static final String PROCESSOR = "rate-v1";

    private RaterTopology() {}

    static Topology addTo(Topology topology, Topics topics, ProcessorSupplier<String, byte[], String, byte[]> rating) {
        topology.addSource(
                        SOURCE,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.usageTotals().name())
                .addProcessor(PROCESSOR, rating, SOURCE)
                .addStateStore(PreCommitHook.named(COMMIT_HOOK), PROCESSOR);
        stores().forEach(store -> topology.addStateStore(store, PROCESSOR));
        return topology.addSink(
                        CHARGES_SINK,
                        topics.billingCharges().name(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        byKey(),
                        PROCESSOR)
                .addSink(
                        ALERTS_SINK,
                        topics.billingAlerts().name(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        byTenant(),
                        PROCESSOR);
    }

    private static List<StoreBuilder<?>> stores() {
        return List.of(
                store(WINDOWS, Serdes.Bytes(), Serdes.ByteArray()),
                store(LEVELS, Serdes.Bytes(), Serdes.ByteArray()),
                store(NEWEST_HOURS, Serdes.String(), Serdes.Long()),
                store(SUBSCRIPTIONS, Serdes.String(), Serdes.String()),
                store(CLOSED, Serdes.String(), Serdes.String()),
                store(CHARGES, Serdes.String(), Serdes.ByteArray()),
                store(BOOKED, Serdes.String(), Serdes.ByteArray()),
                store(ADJUSTED, Serdes.String(), Serdes.ByteArray()),
                store(LATE, Serdes.String(), Serdes.ByteArray()),
                store(ALERTED, Serdes.String(), Serdes.ByteArray()),
                store(SPENT, Serdes.String(), Serdes.String()),
                store(CREDITS, Serdes.String(), Serdes.String()),
                store(REVISION, Serdes.String(), Serdes.Integer()));
    }

    private static <K, V> StoreBuilder<KeyValueStore<K, V>> store(String name, Serde<K> key, Serde<V> value) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
                .withLoggingEnabled(Map.of(
                        "max.message.bytes", Integer.toString(Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES)));
    }

    private static StreamPartitioner<String, byte[]> byTenant() {
        return (topic, tenant, value, partitions) ->
                Optional.of(Set.of(TenantPartitioner.partitionOf(tenant, partitions)));
    }

    /** Lines by the tenant that stands first in their key; revisions, which have none, stay in their own partition. */
    private static StreamPartitioner<String, byte[]> byKey() {
        return (topic, key, value, partitions) -> {
            List<String> elements = RecordKeys.elementsOf(key);
            int partition = elements.get(0).isEmpty()
                    ? Integer.parseInt(elements.get(2))
                    : TenantPartitioner.partitionOf(elements.get(0), partitions);
            return Optional.of(Set.of(partition));
        };
    }
}

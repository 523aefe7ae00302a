package io.tallystick.rater.stream;

import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.StoreTable;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.TenantPartitions;
import io.tallystick.schemas.topic.Topics;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** From {@code usage.totals} to {@code billing.charges}: one source, one processor, two sinks, all by the tenant's partition. */
final class RaterTopology {

    static final String CHARGES_SINK = "billing-charges";
    static final String ALERTS_SINK = "billing-alerts";

    /** The one store of a task, with all of its tables. */
    static final String STORE = "rating-v1";
    /** Every window total, by tenant and hour. */
    static final StoreTable<Bytes, byte[]> WINDOWS = StoreTable.of(STORE, 'w', Serdes.Bytes(), Serdes.ByteArray());
    /** The window totals of levels once more: they hold on behind their own period. */
    static final StoreTable<Bytes, byte[]> LEVELS = StoreTable.of(STORE, 'v', Serdes.Bytes(), Serdes.ByteArray());
    /** The newest hour with usage, by tenant. */
    static final StoreTable<String, Long> NEWEST_HOURS = StoreTable.of(STORE, 'n', Serdes.String(), Serdes.Long());
    /** The document of each subscription, by tenant and name. */
    static final StoreTable<String, String> SUBSCRIPTIONS = StoreTable.ofTexts(STORE, 's');
    /** What each closed period was closed under, and whether usage behind the close has yet to be booked. */
    static final StoreTable<String, String> CLOSED = StoreTable.ofTexts(STORE, 'd');
    /** What stands on the topic for the open periods. */
    static final StoreTable<String, byte[]> CHARGES = StoreTable.of(STORE, 'c', Serdes.String(), Serdes.ByteArray());
    /** What the closed ones were billed with, for as long as they take corrections. */
    static final StoreTable<String, byte[]> BOOKED = StoreTable.of(STORE, 'b', Serdes.String(), Serdes.ByteArray());
    /** The corrections that invoices carry of periods that are not their own, by subscription, carrying period and line. */
    static final StoreTable<String, byte[]> ADJUSTED = StoreTable.of(STORE, 'a', Serdes.String(), Serdes.ByteArray());
    /** Usage behind a close that is not booked yet, by subscription, period and window. */
    static final StoreTable<String, byte[]> LATE = StoreTable.of(STORE, 'l', Serdes.String(), Serdes.ByteArray());
    /** The alert given for each share of a spending limit, by subscription, period or day, and share. */
    static final StoreTable<String, byte[]> ALERTED = StoreTable.of(STORE, 't', Serdes.String(), Serdes.ByteArray());
    /** What each subscription has spent, as limits see it. */
    static final StoreTable<String, String> SPENT = StoreTable.ofTexts(STORE, 'm');
    /** The grants of prepaid credit of each tenant, and every event of theirs. */
    static final StoreTable<String, String> CREDITS = StoreTable.ofTexts(STORE, 'p');
    /** The revision in force in the partition, and the one that every tenant is rated under. */
    static final StoreTable<String, Integer> REVISION = StoreTable.of(STORE, 'r', Serdes.String(), Serdes.Integer());

    private static final String SOURCE = "usage-totals";
    private static final String PROCESSOR = "rate-v1";

    private RaterTopology() {}

    static Topology addTo(Topology topology, Topics topics, ProcessorSupplier<String, byte[], String, byte[]> rating) {
        return topology.addSource(
                        SOURCE,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.usageTotals().name())
                .addProcessor(PROCESSOR, rating, SOURCE)
                .addStateStore(PreCommitHook.named(PreCommitHook.NAME), PROCESSOR)
                .addStateStore(StoreTable.store(STORE), PROCESSOR)
                .addSink(
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

    private static StreamPartitioner<String, byte[]> byTenant() {
        return (topic, tenant, value, partitions) ->
                Optional.of(Set.of(TenantPartitioner.partitionOf(tenant, partitions)));
    }

    /** Lines by the tenant that stands first in their key; revisions, which have none, stay in their own partition. */
    private static StreamPartitioner<String, byte[]> byKey() {
        TenantPartitions known = new TenantPartitions();
        return (topic, key, value, partitions) -> {
            String tenant = RecordKeys.tenantOf(key);
            return tenant.isEmpty()
                    ? Optional.of(
                            Set.of(Integer.parseInt(RecordKeys.elementsOf(key).get(2))))
                    : known.of(tenant, partitions);
        };
    }
}

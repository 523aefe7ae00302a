package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.TenantPartitions;
import io.tallystick.schemas.topic.Topics;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.StoreBuilder;

/** The aggregator's topology: {@code usage.accepted} in, {@code usage.totals} out (and alerts), one processor with its stores between. */
final class AggregatorTopology {

    static final String TOTALS = "usage-totals";
    static final String ALERTS = "billing-alerts";

    private static final String AGGREGATE = "aggregate-v1";

    private AggregatorTopology() {}

    /**
     * @param log the topic id of {@code usage.accepted}, which every cut names
     * @param revisions learns which revision each task works under
     */
    static Topology addTo(
            Topology topology,
            Topics topics,
            String log,
            CatalogReader catalogs,
            RevisionsInForce revisions,
            AggregatorLimits limits,
            ChangeFeed feed,
            AggregatorCounts counts) {
        Serde<AcceptedRecord> accepted = new RecordSerde<>(TopicCodecs.ACCEPTED);
        Serializer<TotalRecord> totals = new RecordSerde<>(TopicCodecs.TOTALS).serializer();
        topology.addSource(
                "usage-accepted",
                new ByteArrayDeserializer(), // the record itself says whose it is
                accepted.deserializer(),
                topics.usageAccepted().name());
        topology.addProcessor(
                AGGREGATE,
                () -> new AggregateProcessor(log, catalogs, revisions, limits, feed, counts),
                "usage-accepted");
        for (StoreBuilder<?> store : AggregatorStores.builders()) {
            topology.addStateStore(store, AGGREGATE);
        }
        topology.addSink(
                "usage-totals", topics.usageTotals().name(), new StringSerializer(), totals, byTenant(), AGGREGATE);
        topology.addSink(
                ALERTS,
                topics.billingAlerts().name(),
                new StringSerializer(),
                new RecordSerde<>(TopicCodecs.ALERTS).serializer(),
                alertsByTenant(),
                AGGREGATE);
        return topology;
    }

    private static StreamPartitioner<String, TotalRecord> byTenant() {
        TenantPartitions known = new TenantPartitions();
        return (topic, key, total, partitions) -> total instanceof RevisionInForce revision
                ? Optional.of(Set.of(revision.partition()))
                : known.of(total.tenant(), partitions);
    }

    private static StreamPartitioner<String, Alert> alertsByTenant() {
        return (topic, tenant, alert, partitions) ->
                Optional.of(Set.of(TenantPartitioner.partitionOf(tenant, partitions)));
    }
}

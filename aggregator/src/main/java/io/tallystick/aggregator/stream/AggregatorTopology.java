package io.tallystick.aggregator.stream;

import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.StoreBuilder;

/** The aggregator's topology: {@code usage.accepted} in, {@code usage.totals} out, one processor with its stores between. */
final class AggregatorTopology {

    /** How many bytes of windows each task holds on the heap at most, unless told; about. */
    static final long HEAP_BYTES_PER_TASK = 16L << 20;

    private static final String AGGREGATE = "aggregate-v1";

    private AggregatorTopology() {}

    /**
     * @param log the topic id of {@code usage.accepted}, which every cut names
     * @param revisions learns which revision each task works under
     * @param heapBytesPerTask of windows, about; what does not fit is read from the stores again
     */
    static Topology build(
            Topics topics, String log, CatalogReader catalogs, RevisionsInForce revisions, long heapBytesPerTask) {
        Serde<AcceptedRecord> accepted = new RecordSerde<>(TopicCodecs.ACCEPTED);
        Serializer<TotalRecord> totals = new RecordSerde<>(TopicCodecs.TOTALS).serializer();
        Topology topology = new Topology();
        topology.addSource(
                "usage-accepted",
                new StringDeserializer(),
                accepted.deserializer(),
                topics.usageAccepted().name());
        topology.addProcessor(
                AGGREGATE, () -> new AggregateProcessor(log, catalogs, revisions, heapBytesPerTask), "usage-accepted");
        for (StoreBuilder<?> store : AggregatorStores.builders()) {
            topology.addStateStore(store, AGGREGATE);
        }
        topology.addSink(
                "usage-totals", topics.usageTotals().name(), new StringSerializer(), totals, byTenant(), AGGREGATE);
        return topology;
    }

    private static StreamPartitioner<String, TotalRecord> byTenant() {
        return (topic, key, total, partitions) -> Optional.of(Set.of(partitionOf(total, partitions)));
    }

    private static int partitionOf(TotalRecord total, int partitions) {
        return total instanceof RevisionInForce revision
                ? revision.partition()
                : TenantPartitioner.partitionOf(total.tenant(), partitions);
    }
}

package io.tallystick.ingest.stream;

import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.StoreTable;
import io.tallystick.schemas.topic.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * From {@code usage.events}, its misrouted records and {@code billing.requests} to {@code usage.accepted} and {@code usage.rejected}: one
 * processor, one sub-topology, since all topics have the same partitions.
 */
final class IngestTopology {

    static final String ACCEPTED_SINK = "usage-accepted";
    static final String REJECTED_SINK = "usage-rejected";
    static final String MISROUTED_SINK = "usage-misrouted-out";

    /** The identities of accepted events: a store of their own, since it is large and written in blocks. */
    static final String IDENTITIES = "identities-v1";
    /** The store of all other tables. */
    static final String STORE = "decisions-v1";
    /** The last sequence of each tenant. */
    static final StoreTable<String, Long> SEQUENCES = StoreTable.of(STORE, 's', Serdes.String(), Serdes.Long());
    /** What became of the partition's records. */
    static final StoreTable<String, byte[]> ACCOUNTING = StoreTable.of(STORE, 'a', Serdes.String(), Serdes.ByteArray());
    /** The revision in force and the newest record timestamp. */
    static final StoreTable<String, Long> PROGRESS = StoreTable.of(STORE, 'p', Serdes.String(), Serdes.Long());
    /** The closes that were asked for, waiting or done. */
    static final StoreTable<String, byte[]> CLOSES = StoreTable.of(STORE, 'c', Serdes.String(), Serdes.ByteArray());
    /** The revision that each subscription was last set by. */
    static final StoreTable<String, Integer> SUBSCRIPTIONS =
            StoreTable.of(STORE, 'r', Serdes.String(), Serdes.Integer());
    /** How far each meter that was added later is filled. */
    static final StoreTable<String, byte[]> BACKFILLS = StoreTable.of(STORE, 'b', Serdes.String(), Serdes.ByteArray());
    /** The sequence of each voided event's void, and of the last reading that was filled in for each tenant. */
    static final StoreTable<String, Long> VOIDS = StoreTable.of(STORE, 'v', Serdes.String(), Serdes.Long());

    private static final String EVENTS_SOURCE = "usage-events";
    private static final String MISROUTED_SOURCE = "usage-misrouted-in";
    private static final String REQUESTS_SOURCE = "billing-requests";
    private static final String PROCESSOR = "decide-v1";

    private IngestTopology() {}

    static Topology addTo(Topology topology, IngestContext context) {
        Topics topics = context.topics();
        topology.addSource(
                        AutoOffsetReset.earliest(),
                        EVENTS_SOURCE,
                        // A record without a timestamp is the producer's fault and must not stop the partition.
                        (record, partitionTime) -> Math.max(0, record.timestamp()),
                        bytes(),
                        bytes(),
                        topics.usageEvents().name())
                .addSource(
                        MISROUTED_SOURCE,
                        bytes(),
                        bytes(),
                        topics.usageMisrouted().name())
                .addSource(
                        REQUESTS_SOURCE,
                        bytes(),
                        bytes(),
                        topics.billingRequests().name())
                .addProcessor(
                        PROCESSOR,
                        () -> new DecidingProcessor(context),
                        EVENTS_SOURCE,
                        MISROUTED_SOURCE,
                        REQUESTS_SOURCE)
                .addStateStore(PreCommitHook.named(PreCommitHook.NAME), PROCESSOR)
                .addStateStore(StoreTable.store(IDENTITIES), PROCESSOR)
                .addStateStore(StoreTable.store(STORE), PROCESSOR);
        addSink(topology, ACCEPTED_SINK, topics.usageAccepted().name());
        addSink(topology, REJECTED_SINK, topics.usageRejected().name());
        addSink(topology, MISROUTED_SINK, topics.usageMisrouted().name());
        return topology;
    }

    private static void addSink(Topology topology, String name, String topic) {
        topology.addSink(
                name, topic, new ByteArraySerializer(), Outgoing.serializer(), Outgoing.partitioner(), PROCESSOR);
    }

    private static ByteArrayDeserializer bytes() {
        return new ByteArrayDeserializer();
    }
}

package io.tallystick.ingest.stream;

import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From {@code usage.events}, its misrouted records and {@code billing.requests} to {@code usage.accepted} and {@code usage.rejected}: one
 * processor, one sub-topology, since all topics have the same partitions.
 */
final class IngestTopology {

    static final String ACCEPTED_SINK = "usage-accepted";
    static final String REJECTED_SINK = "usage-rejected";
    static final String MISROUTED_SINK = "usage-misrouted-out";

    static final String COMMIT_HOOK = "commit-hook-v1";
    /** The identities of accepted events. */
    static final String IDENTITIES = "identities-v1";
    /** The last sequence of each tenant. */
    static final String SEQUENCES = "sequences-v1";
    /** What became of the partition's records. */
    static final String ACCOUNTING = "accounting-v1";
    /** The revision in force and the newest record timestamp. */
    static final String PROGRESS = "progress-v1";
    /** The closes that were asked for, waiting or done. */
    static final String CLOSES = "closes-v1";
    /** The revision that each subscription was last set by. */
    static final String SUBSCRIPTIONS = "subscriptions-v1";
    /** How far each meter that was added later is filled. */
    static final String BACKFILLS = "backfills-v1";

    static final String VOIDS = "voids-v1";

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
                .addStateStore(PreCommitHook.named(COMMIT_HOOK), PROCESSOR);
        stores().forEach(store -> topology.addStateStore(store, PROCESSOR));
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

    private static List<StoreBuilder<?>> stores() {
        return List.of(
                store(IDENTITIES, Serdes.Bytes(), Serdes.ByteArray()),
                store(SEQUENCES, Serdes.String(), Serdes.Long()),
                store(ACCOUNTING, Serdes.String(), Serdes.ByteArray()),
                store(PROGRESS, Serdes.String(), Serdes.Long()),
                store(CLOSES, Serdes.String(), Serdes.ByteArray()),
                store(SUBSCRIPTIONS, Serdes.String(), Serdes.Integer()),
                store(BACKFILLS, Serdes.String(), Serdes.ByteArray()),
                store(VOIDS, Serdes.String(), Serdes.Long()));
    }

    private static <K, V> StoreBuilder<KeyValueStore<K, V>> store(String name, Serde<K> key, Serde<V> value) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
                .withLoggingEnabled(Map.of());
    }
}

package io.tallystick.aggregator.stream;

import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stores of one task.
 *
 * @param days the windows: tenant, meter, UTC day, dimensions → 24 windows
 * @param index what is left of each month's levels, see {@link LevelMonths}; how broad each day is, see {@link Breadth}
 * @param readings what came into the windows that cannot give it back, see {@link KeptReadings}
 * @param progress how far each tenant's log was read, the revision in force, the meters that have counted
 */
record AggregatorStores(
        KeyValueStore<Bytes, byte[]> days,
        KeyValueStore<Bytes, byte[]> index,
        KeyValueStore<Bytes, byte[]> readings,
        KeyValueStore<String, byte[]> progress) {

    static final String HOOK = "pre-commit-v1";
    static final String DAYS = "usage-days-v1";
    static final String INDEX = "usage-index-v1";
    static final String READINGS = "usage-readings-v1";
    static final String PROGRESS = "usage-progress-v1";

    /** A row may be as large as an event: its key holds the dimensions. */
    private static final Map<String, String> CHANGELOG =
            Map.of("max.message.bytes", Integer.toString(Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES));

    /** In the order in which they must be added: the hook is flushed first. */
    static List<StoreBuilder<?>> builders() {
        return List.of(
                PreCommitHook.named(HOOK),
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(DAYS), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingEnabled(CHANGELOG)
                        .withCachingDisabled(),
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(INDEX), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingEnabled(CHANGELOG)
                        .withCachingDisabled(),
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(READINGS), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingEnabled(CHANGELOG)
                        .withCachingDisabled(),
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(PROGRESS), Serdes.String(), Serdes.ByteArray())
                        .withLoggingEnabled(CHANGELOG)
                        .withCachingDisabled());
    }

    static AggregatorStores of(ProcessorContext<?, ?> context) {
        return new AggregatorStores(
                context.getStateStore(DAYS),
                context.getStateStore(INDEX),
                context.getStateStore(READINGS),
                context.getStateStore(PROGRESS));
    }
}

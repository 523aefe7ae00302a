package io.tallystick.aggregator.stream;

import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.StoreTable;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

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

    static final String DAYS = "usage-days-v1";
    /** The store of all other tables. */
    static final String STORE = "usage-marks-v1";

    static final StoreTable<Bytes, byte[]> INDEX = StoreTable.of(STORE, 'i', Serdes.Bytes(), Serdes.ByteArray());
    static final StoreTable<Bytes, byte[]> READINGS = StoreTable.of(STORE, 'r', Serdes.Bytes(), Serdes.ByteArray());
    static final StoreTable<String, byte[]> PROGRESS = StoreTable.of(STORE, 'p', Serdes.String(), Serdes.ByteArray());

    /** In the order in which they must be added: the hook is flushed first. */
    static List<StoreBuilder<?>> builders() {
        return List.of(PreCommitHook.named(PreCommitHook.NAME), StoreTable.store(DAYS), StoreTable.store(STORE));
    }

    static AggregatorStores of(ProcessorContext<?, ?> context) {
        return new AggregatorStores(
                context.getStateStore(DAYS), INDEX.in(context), READINGS.in(context), PROGRESS.in(context));
    }
}

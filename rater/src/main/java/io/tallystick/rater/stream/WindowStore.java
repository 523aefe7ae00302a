package io.tallystick.rater.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.Period;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Every window total as it stands, as bytes as on the topic, by tenant and hour; those of levels a second time, since a level holds on into later periods. */
final class WindowStore {

    private final KeyValueStore<Bytes, byte[]> windows;
    private final KeyValueStore<Bytes, byte[]> levels;

    WindowStore(KeyValueStore<Bytes, byte[]> windows, KeyValueStore<Bytes, byte[]> levels) {
        this.windows = windows;
        this.levels = levels;
    }

    /** The total that stands where {@code total} belongs. */
    Optional<WindowTotal> find(WindowTotal total) {
        return Optional.ofNullable(windows.get(StoreKeys.window(total))).map(WindowStore::decode);
    }

    /** Takes a total in, in place of the one that stands there. One without events, since they were voided, is as if it had never been. */
    void put(WindowTotal total, byte[] value) {
        Bytes key = StoreKeys.window(total);
        byte @Nullable [] now = total.state().count() == 0 ? null : value;
        put(windows, key, now);
        if (total.state() instanceof Levels) {
            put(levels, key, now);
        }
    }

    private static void put(KeyValueStore<Bytes, byte[]> store, Bytes key, byte @Nullable [] value) {
        if (value == null) {
            store.delete(key);
        } else {
            store.put(key, value);
        }
    }

    /** Every window of the tenant from {@code hour} on, and of levels also every one before, in order of hours within each. */
    void forEachFrom(String tenant, long hour, Consumer<WindowTotal> action) {
        forEachFrom(windows, levels, tenant, hour, action);
    }

    /** As above, from stores as they stand. */
    static void forEachFrom(
            ReadOnlyKeyValueStore<Bytes, byte[]> windows,
            ReadOnlyKeyValueStore<Bytes, byte[]> levels,
            String tenant,
            long hour,
            Consumer<WindowTotal> action) {
        forEach(levels, tenant, Long.MIN_VALUE, hour, action);
        forEach(windows, tenant, hour, Long.MAX_VALUE, action);
    }

    /** Of all windows of the tenant in the period, over all meters: what a close marker on the totals vouches for. */
    Coverage coverage(String tenant, Period period) {
        TotalsCoverage coverage = new TotalsCoverage();
        forEach(
                windows,
                tenant,
                HourWindow.hourOf(period.start()),
                HourWindow.hourOf(period.end()),
                total -> coverage.add(total.meter(), total.dimensions(), total.hour(), total.part(), total.state()));
        return coverage.coverage();
    }

    /** @param end exclusive */
    private static void forEach(
            ReadOnlyKeyValueStore<Bytes, byte[]> store,
            String tenant,
            long start,
            long end,
            Consumer<WindowTotal> action) {
        // No key is as short as the upper bound's, so that nothing of its own hour is included.
        try (KeyValueIterator<Bytes, byte[]> entries =
                store.range(StoreKeys.hour(tenant, start), StoreKeys.hour(tenant, end))) {
            while (entries.hasNext()) {
                action.accept(decode(entries.next().value));
            }
        }
    }

    private static WindowTotal decode(byte[] value) {
        return (WindowTotal) TopicCodecs.TOTALS.decode(value);
    }
}

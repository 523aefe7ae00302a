package io.tallystick.rater.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store whose rows that were asked for or written lately are on the heap too: asking RocksDB costs microseconds, and what is rated once a
 * second is asked for once a second. Everything is written to the store at once, and by nobody else.
 *
 * @param <K> what the rows are found by
 * @param <V> what they hold: immutable
 */
final class RecentRows<K, V> {

    private final KeyValueStore<K, V> store;
    /** Null for a row that the store does not have. */
    private final Map<K, @Nullable V> recent;

    RecentRows(KeyValueStore<K, V> store, int rowsMax) {
        this.store = store;
        this.recent = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, @Nullable V> eldest) {
                return size() > rowsMax;
            }
        };
    }

    @Nullable
    V get(K key) {
        V value = recent.get(key);
        if (value == null && !recent.containsKey(key)) {
            value = store.get(key);
            recent.put(key, value);
        }
        return value;
    }

    void put(K key, V value) {
        store.put(key, value);
        recent.put(key, value);
    }
}

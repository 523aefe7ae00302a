package io.tallystick.rater.stream;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The lines that stand for the open periods, in their store; those of the periods that were asked for lately are on the heap too, since
 * each rating holds its lines against them. Nobody else writes to the store.
 */
final class StandingLines {

    /** What one partition's lines may take on the heap, about. */
    private static final long BYTES_MAX = 2 << 20;
    /** Of a line beside its key and value, and of a period beside its lines, about. */
    private static final int OVERHEAD_BYTES = 120;

    private final KeyValueStore<String, byte[]> store;
    private final Map<String, SortedMap<String, byte[]>> recent = new LinkedHashMap<>(64, 0.75f, true);
    private long recentBytes;

    StandingLines(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** The lines whose keys begin with {@code prefix}, by key; not to be changed. */
    SortedMap<String, byte[]> of(String prefix) {
        SortedMap<String, byte[]> lines = recent.get(prefix);
        return lines == null ? read(store, prefix) : lines;
    }

    /** Whether a line stands. */
    boolean has(String key) {
        return store.get(key) != null;
    }

    void put(String key, byte[] value) {
        store.put(key, value);
    }

    void delete(String key) {
        store.delete(key);
    }

    /**
     * What stands under {@code prefix} has been brought to {@code lines}.
     *
     * @param lines not to be changed from now on
     */
    void isNow(String prefix, SortedMap<String, byte[]> lines) {
        forget(prefix);
        recent.put(prefix, lines);
        recentBytes += bytesOf(prefix, lines);
        Iterator<Map.Entry<String, SortedMap<String, byte[]>>> eldest =
                recent.entrySet().iterator();
        while (recentBytes > BYTES_MAX && eldest.hasNext()) {
            Map.Entry<String, SortedMap<String, byte[]>> period = eldest.next();
            recentBytes -= bytesOf(period.getKey(), period.getValue());
            eldest.remove();
        }
    }

    /** What stands under {@code prefix} has been changed line by line. */
    void forget(String prefix) {
        SortedMap<String, byte[]> before = recent.remove(prefix);
        if (before != null) {
            recentBytes -= bytesOf(prefix, before);
        }
    }

    /** What stands has been changed here and there. */
    void forgetAll() {
        recent.clear();
        recentBytes = 0;
    }

    private static long bytesOf(String prefix, SortedMap<String, byte[]> lines) {
        long bytes = (long) OVERHEAD_BYTES + prefix.length();
        for (Map.Entry<String, byte[]> line : lines.entrySet()) {
            bytes += (long) OVERHEAD_BYTES + line.getKey().length() + line.getValue().length;
        }
        return bytes;
    }

    /** All rows of a store whose keys begin with {@code prefix}. */
    static SortedMap<String, byte[]> read(KeyValueStore<String, byte[]> store, String prefix) {
        SortedMap<String, byte[]> lines = new TreeMap<>();
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                lines.put(entry.key, entry.value);
            }
        }
        return lines;
    }
}

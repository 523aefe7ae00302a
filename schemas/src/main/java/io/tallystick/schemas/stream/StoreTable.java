package io.tallystick.schemas.stream;

import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One of several tables that a stage keeps in one store. A store of its own would cost each task a RocksDB to open at every start, a changelog
 * topic to restore from, and a partition of that topic in every transaction.
 *
 * <p>In the store, a row's key is the table's tag and then the key itself; rows have the order of their keys' bytes, as in a store of their own.
 * Tags stand in changelogs: one that was used never gets another meaning.
 *
 * @param <K> as the keys' serde has it; no key is empty
 */
public final class StoreTable<K, V> {

    /** A row may be as large as an event. */
    private static final Map<String, String> CHANGELOG =
            Map.of("max.message.bytes", Integer.toString(Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES));

    private final String store;
    private final TaggedRows<K, V> rows;

    private StoreTable(String store, char tag, Serde<K> keys, Serde<V> values) {
        this.store = store;
        this.rows = new TaggedRows<>(ascii(tag), keys, values);
    }

    /** @param tag an ASCII character, another one for each table of the store */
    public static <K, V> StoreTable<K, V> of(String store, char tag, Serde<K> keys, Serde<V> values) {
        return new StoreTable<>(store, tag, keys, values);
    }

    /** A table of texts by texts. */
    public static StoreTable<String, String> ofTexts(String store, char tag) {
        return of(store, tag, Serdes.String(), Serdes.String());
    }

    /** The store that a topology adds for its tables. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG)
                .withCachingDisabled();
    }

    /** The name of the store that the table is in. */
    public String store() {
        return store;
    }

    /** The table of a processor's task. */
    public KeyValueStore<K, V> in(ProcessorContext<?, ?> context) {
        KeyValueStore<Bytes, byte[]> whole = context.getStateStore(store);
        return in(whole);
    }

    public KeyValueStore<K, V> in(KeyValueStore<Bytes, byte[]> whole) {
        return new WritableTable<>(rows, whole);
    }

    public ReadOnlyKeyValueStore<K, V> in(ReadOnlyKeyValueStore<Bytes, byte[]> whole) {
        return new ReadTable<>(rows, whole);
    }

    /** What a row's key is in the store, and in its changelog. */
    public byte[] keyInStore(K key) {
        return rows.key(key).get();
    }

    private static byte ascii(char tag) {
        byte[] bytes = Character.toString(tag).getBytes(StandardCharsets.UTF_8);
        if (bytes.length != 1) {
            throw new IllegalArgumentException("a tag is an ASCII character, not " + tag);
        }
        return bytes[0];
    }
}

package io.tallystick.schemas.stream;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueStore;

/** A {@link StoreTable} to read and write. Its store is opened, flushed and closed by whoever holds that. */
@SuppressWarnings("NullAway") // Kafka's interfaces are not annotated: what is not there is null
final class WritableTable<K, V> extends ReadTable<K, V> implements KeyValueStore<K, V> {

    private final KeyValueStore<Bytes, byte[]> whole;

    WritableTable(TaggedRows<K, V> rows, KeyValueStore<Bytes, byte[]> whole) {
        super(rows, whole);
        this.whole = whole;
    }

    @Override
    public void put(K key, V value) {
        whole.put(rows.key(key), rows.value(value));
    }

    @Override
    public V putIfAbsent(K key, V value) {
        return rows.value(whole.putIfAbsent(rows.key(key), rows.value(value)));
    }

    @Override
    public void putAll(List<KeyValue<K, V>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public V delete(K key) {
        return rows.value(whole.delete(rows.key(key)));
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        throw new UnsupportedOperationException("a table is opened with its store");
    }

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return whole.persistent();
    }

    @Override
    public boolean isOpen() {
        return whole.isOpen();
    }
}

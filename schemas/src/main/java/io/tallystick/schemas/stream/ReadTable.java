package io.tallystick.schemas.stream;

import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** A {@link StoreTable} to read. */
@SuppressWarnings("NullAway") // Kafka's interfaces are not annotated: what is not there is null
class ReadTable<K, V> implements ReadOnlyKeyValueStore<K, V> {

    private static final ByteArraySerializer AS_IT_IS = new ByteArraySerializer();

    final TaggedRows<K, V> rows;
    private final ReadOnlyKeyValueStore<Bytes, byte[]> whole;

    ReadTable(TaggedRows<K, V> rows, ReadOnlyKeyValueStore<Bytes, byte[]> whole) {
        this.rows = rows;
        this.whole = whole;
    }

    @Override
    public V get(K key) {
        return rows.value(whole.get(rows.key(key)));
    }

    @Override
    public KeyValueIterator<K, V> range(@Nullable K from, @Nullable K to) {
        return new Rows<>(
                rows,
                whole.range(from == null ? rows.first() : rows.key(from), to == null ? rows.last() : rows.key(to)));
    }

    @Override
    public KeyValueIterator<K, V> all() {
        return range(null, null);
    }

    @Override
    public <PS extends Serializer<P>, P> KeyValueIterator<K, V> prefixScan(P prefix, PS serializer) {
        return new Rows<>(rows, whole.prefixScan(rows.prefix(prefix, serializer).get(), AS_IT_IS));
    }

    /** Of all tables of the store: no table counts its own. */
    @Override
    public long approximateNumEntries() {
        return whole.approximateNumEntries();
    }

    private record Rows<K, V>(TaggedRows<K, V> rows, KeyValueIterator<Bytes, byte[]> tagged)
            implements KeyValueIterator<K, V> {

        @Override
        public boolean hasNext() {
            return tagged.hasNext();
        }

        @Override
        public KeyValue<K, V> next() {
            KeyValue<Bytes, byte[]> next = tagged.next();
            return KeyValue.pair(rows.key(next.key), rows.value(next.value));
        }

        @Override
        public K peekNextKey() {
            return rows.key(tagged.peekNextKey());
        }

        @Override
        public void close() {
            tagged.close();
        }
    }
}

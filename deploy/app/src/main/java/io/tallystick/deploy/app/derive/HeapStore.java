package io.tallystick.deploy.app.derive;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A key-value store on the heap, in the order that the stages' own stores have: by the bytes of the keys. Iterators go on from key to key, so that
 * a stage may write while it reads.
 */
@SuppressWarnings("NullAway") // Kafka's interfaces are not annotated: what is not there is null
final class HeapStore implements KeyValueStore<Bytes, byte[]> {

    private final String name;
    private final NavigableMap<Bytes, byte[]> entries = new TreeMap<>();

    HeapStore(String name) {
        this.name = name;
    }

    @Override
    public void put(Bytes key, byte[] value) {
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value.clone());
        }
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        byte[] standing = entries.get(key);
        if (standing == null) {
            put(key, value);
        }
        return standing;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte[] delete(Bytes key) {
        return entries.remove(key);
    }

    @Override
    public byte[] get(Bytes key) {
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return new Walk(between(from, to));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new Walk(entries);
    }

    @Override
    public <PS extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, PS serializer) {
        Bytes from = Bytes.wrap(serializer.serialize(name, prefix));
        Bytes behind = behind(from.get());
        return new Walk(behind == null ? entries.tailMap(from, true) : entries.subMap(from, true, behind, false));
    }

    private static @Nullable Bytes behind(byte[] prefix) {
        byte[] end = prefix.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (++end[i] != 0) {
                return Bytes.wrap(Arrays.copyOf(end, i + 1));
            }
        }
        return null;
    }

    private NavigableMap<Bytes, byte[]> between(@Nullable Bytes from, @Nullable Bytes to) {
        if (from != null && to != null) {
            return from.compareTo(to) > 0
                    ? entries.subMap(from, true, from, false)
                    : entries.subMap(from, true, to, true);
        }
        NavigableMap<Bytes, byte[]> behind = from == null ? entries : entries.tailMap(from, true);
        return to == null ? behind : behind.headMap(to, true);
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {
        entries.clear();
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** From key to key, whatever is written meanwhile. */
    private static final class Walk implements KeyValueIterator<Bytes, byte[]> {
        private final NavigableMap<Bytes, byte[]> map;
        private Map.@Nullable Entry<Bytes, byte[]> next;

        Walk(NavigableMap<Bytes, byte[]> map) {
            this.map = map;
            this.next = map.firstEntry();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            Map.Entry<Bytes, byte[]> entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            next = map.higherEntry(entry.getKey());
            return new KeyValue<>(entry.getKey(), entry.getValue());
        }

        @Override
        public Bytes peekNextKey() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            return next.getKey();
        }

        @Override
        public void close() {}
    }
}

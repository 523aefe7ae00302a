package io.tallystick.deploy.app.derive;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
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
 * A key-value store on the heap, in the order that the stages' own stores have: by the bytes of the keys. Keys are texts or bytes.
 * Iterators go on from key to key, so that a stage may write while it reads.
 */
@SuppressWarnings("NullAway") // Kafka's interfaces are not annotated: what is not there is null
final class HeapStore<K, V> implements KeyValueStore<K, V> {

    private static final Comparator<Object> BY_BYTES = (one, other) ->
            one instanceof String text ? compareUtf8(text, (String) other) : ((Bytes) one).compareTo((Bytes) other);

    private final String name;
    private final NavigableMap<K, V> entries = new TreeMap<>(BY_BYTES);

    HeapStore(String name) {
        this.name = name;
    }

    /** UTF-8 keeps the order of code points; Java's own order is that of UTF-16, where surrogates come too early. */
    static int compareUtf8(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean aIsSurrogate = Character.isSurrogate(a);
                return aIsSurrogate == Character.isSurrogate(b) ? a - b : aIsSurrogate ? 1 : -1;
            }
        }
        return one.length() - other.length();
    }

    @Override
    public void put(K key, V value) {
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, owned(value));
        }
    }

    @SuppressWarnings("unchecked") // a copy of bytes is bytes
    private static <V> V owned(V value) {
        return value instanceof byte[] bytes ? (V) bytes.clone() : value;
    }

    @Override
    public V putIfAbsent(K key, V value) {
        V standing = entries.get(key);
        if (standing == null) {
            put(key, value);
        }
        return standing;
    }

    @Override
    public void putAll(List<KeyValue<K, V>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public V delete(K key) {
        return entries.remove(key);
    }

    @Override
    public V get(K key) {
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<K, V> range(K from, K to) {
        return new Walk(between(from, to));
    }

    @Override
    public KeyValueIterator<K, V> reverseRange(K from, K to) {
        return new Walk(between(from, to).descendingMap());
    }

    @Override
    public KeyValueIterator<K, V> all() {
        return new Walk(entries);
    }

    @Override
    public KeyValueIterator<K, V> reverseAll() {
        return new Walk(entries.descendingMap());
    }

    @Override
    @SuppressWarnings("unchecked") // keys are texts or bytes
    public <PS extends Serializer<P>, P> KeyValueIterator<K, V> prefixScan(P prefix, PS serializer) {
        byte[] bytes = serializer.serialize(name, prefix);
        if (entries.isEmpty() || bytes.length == 0) {
            return all();
        }
        if (entries.firstKey() instanceof Bytes) {
            K from = (K) Bytes.wrap(bytes);
            K behind = behind(bytes);
            return new Walk(behind == null ? entries.tailMap(from, true) : entries.subMap(from, true, behind, false));
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return new Walk(entries.subMap(
                (K) text, true, (K) (text + new String(Character.toChars(Character.MAX_CODE_POINT))), true));
    }

    @SuppressWarnings("unchecked")
    private @Nullable K behind(byte[] prefix) {
        byte[] end = prefix.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (++end[i] != 0) {
                return (K) Bytes.wrap(java.util.Arrays.copyOf(end, i + 1));
            }
        }
        return null;
    }

    private NavigableMap<K, V> between(@Nullable K from, @Nullable K to) {
        if (from != null && to != null) {
            return BY_BYTES.compare(from, to) > 0
                    ? entries.subMap(from, true, from, false)
                    : entries.subMap(from, true, to, true);
        }
        NavigableMap<K, V> behind = from == null ? entries : entries.tailMap(from, true);
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
    private final class Walk implements KeyValueIterator<K, V> {
        private final NavigableMap<K, V> map;
        private Map.@Nullable Entry<K, V> next;

        Walk(NavigableMap<K, V> map) {
            this.map = map;
            this.next = map.firstEntry();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public KeyValue<K, V> next() {
            Map.Entry<K, V> entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            next = map.higherEntry(entry.getKey());
            return new KeyValue<>(entry.getKey(), entry.getValue());
        }

        @Override
        public K peekNextKey() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            return next.getKey();
        }

        @Override
        public void close() {}
    }
}

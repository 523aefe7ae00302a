package io.tallystick.schemas.stream;

import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** How the rows of a table stand in the store that it shares. */
@SuppressWarnings("NullAway") // Kafka's serdes are not annotated
record TaggedRows<K, V>(byte tag, Serde<K> keys, Serde<V> values) {

    private static final String NO_TOPIC = "";

    Bytes key(K key) {
        return tagged(keys.serializer().serialize(NO_TOPIC, key));
    }

    K key(Bytes key) {
        byte[] bytes = key.get();
        return keys.deserializer().deserialize(NO_TOPIC, Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    byte @Nullable [] value(@Nullable V value) {
        return value == null ? null : values.serializer().serialize(NO_TOPIC, value);
    }

    @Nullable
    V value(byte @Nullable [] value) {
        return value == null ? null : values.deserializer().deserialize(NO_TOPIC, value);
    }

    <P> Bytes prefix(P prefix, Serializer<P> serializer) {
        return tagged(serializer.serialize(NO_TOPIC, prefix));
    }

    /** What stands in front of every row of the table; no row itself, since no key is empty. */
    Bytes first() {
        return Bytes.wrap(new byte[] {tag});
    }

    /** What stands behind every row of the table; no row itself. */
    Bytes last() {
        return Bytes.wrap(new byte[] {(byte) (tag + 1)});
    }

    private Bytes tagged(byte[] bytes) {
        byte[] key = new byte[1 + bytes.length];
        key[0] = tag;
        System.arraycopy(bytes, 0, key, 1, bytes.length);
        return Bytes.wrap(key);
    }
}

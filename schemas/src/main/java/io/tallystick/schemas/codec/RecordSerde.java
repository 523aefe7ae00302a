package io.tallystick.schemas.codec;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** A {@link RecordCodec} as Kafka's clients take it; null is a tombstone. */
public final class RecordSerde<T> implements Serde<T> {

    private final RecordCodec<T> codec;

    public RecordSerde(RecordCodec<T> codec) {
        this.codec = codec;
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> encode(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> decode(bytes);
    }

    @SuppressWarnings("NullAway") // Kafka's interfaces are not annotated: null in, null out
    private byte[] encode(@Nullable T value) {
        return value == null ? null : codec.encode(value);
    }

    @SuppressWarnings("NullAway")
    private T decode(byte @Nullable [] bytes) {
        return bytes == null ? null : codec.decode(bytes);
    }
}

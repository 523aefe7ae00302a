package io.tallystick.ingest.stream;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/** A value on its way to a partition that is already known, so that it is not worked out from the key again. */
final class Outgoing {

    private final int partition;
    private final byte @Nullable [] value;

    Outgoing(int partition, byte @Nullable [] value) {
        this.partition = partition;
        this.value = value;
    }

    @SuppressWarnings("NullAway") // a dead letter may be a tombstone; Kafka's interfaces are not annotated
    static Serializer<Outgoing> serializer() {
        return (topic, outgoing) -> outgoing.value;
    }

    static StreamPartitioner<byte[], Outgoing> partitioner() {
        return (topic, key, outgoing, partitions) -> Optional.of(Set.of(outgoing.partition));
    }
}

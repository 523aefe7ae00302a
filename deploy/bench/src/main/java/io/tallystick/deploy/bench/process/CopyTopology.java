package io.tallystick.deploy.bench.process;

import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/** Every record to another topic as it is: what Kafka Streams can do at most. */
public final class CopyTopology {

    public static final String NAME = "bench-copy";
    public static final String OUTPUT = "bench-copied";

    private CopyTopology() {}

    static Topology build() {
        String input = new Topics(Space.DEFAULT, 1).usageEvents().name();
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        "events",
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        input)
                .addSink("copied", OUTPUT, new ByteArraySerializer(), new ByteArraySerializer(), "events");
    }
}

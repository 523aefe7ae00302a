package io.tallystick.ingest.stream;

import io.tallystick.schemas.topic.Topics;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.Topology;

/** Ingest as a process runs it. A {@link CloseWatcher} belongs beside it. */
public final class IngestStage {

    /** What its application is called within a space. */
    public static final String NAME = "ingest";

    private IngestStage() {}

    public static Topology topology(IngestContext context) {
        return addTo(new Topology(), context);
    }

    /** As {@link #topology}, into a topology of the caller's. */
    public static Topology addTo(Topology topology, IngestContext context) {
        return IngestTopology.addTo(topology, context);
    }

    /** The clients that its application must be made with: they read requests in front of the events behind them. */
    public static KafkaClientSupplier clients(Topics topics) {
        return new IngestClients(topics);
    }
}

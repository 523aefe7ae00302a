package io.tallystick.invoicer.stream;

import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;
import org.apache.kafka.streams.Topology;

/** The invoicer as a process runs it. */
public final class InvoicerStage {

    /** What its application is called within a space. */
    public static final String NAME = "invoicer";

    private InvoicerStage() {}

    /**
     * @param catalog the documents of all revisions
     * @param revisions where the stage says under which revision each partition works
     */
    public static Topology topology(Topics topics, CatalogReader catalog, RevisionsInForce revisions) {
        return addTo(new Topology(), topics, catalog, revisions);
    }

    /** As {@link #topology}, into a topology of the caller's. */
    public static Topology addTo(Topology topology, Topics topics, CatalogReader catalog, RevisionsInForce revisions) {
        return InvoicerTopology.addTo(topology, topics, () -> new InvoicingProcessor(catalog, revisions));
    }
}

package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;
import java.util.function.Function;
import org.apache.kafka.streams.Topology;

/** The rater as a process runs it. */
public final class RaterStage {

    /** What its application is called within a space. */
    public static final String NAME = "rater";

    /** The store of all tables: who holds a tenant's part of it answers for the tenant. */
    public static final String STORE = RaterTopology.STORE;

    private RaterStage() {}

    /**
     * @param catalog the documents of all revisions
     * @param subscriptionParser of the documents that travel in band
     * @param revisions where the stage says under which revision each partition works
     */
    public static Topology topology(
            Topics topics,
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser,
            RevisionsInForce revisions) {
        return addTo(new Topology(), topics, catalog, subscriptionParser, revisions);
    }

    /** As {@link #topology}, into a topology of the caller's. */
    public static Topology addTo(
            Topology topology,
            Topics topics,
            CatalogReader catalog,
            Function<String, Subscription> subscriptionParser,
            RevisionsInForce revisions) {
        return RaterTopology.addTo(topology, topics, () -> new RatingProcessor(catalog, subscriptionParser, revisions));
    }
}

package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;
import org.apache.kafka.streams.Topology;

/** The aggregator as a process runs it. */
public final class AggregatorStage {

    /** What its application is called within a space. */
    public static final String NAME = "aggregator";

    private AggregatorStage() {}

    /** With the limits that a space has unless it was made with others. */
    public static Topology topology(Topics topics, String log, CatalogReader catalog, RevisionsInForce revisions) {
        return topology(
                topics, log, catalog, revisions, AggregatorLimits.DEFAULT, new ChangeFeed(), new AggregatorCounts());
    }

    /**
     * @param log the topic id of {@code usage.accepted}, which every cut names
     * @param catalog the documents of all revisions
     * @param revisions where the stage says under which revision each partition works
     * @param feed where it says which windows change
     * @param counts where it counts what it does
     */
    public static Topology topology(
            Topics topics,
            String log,
            CatalogReader catalog,
            RevisionsInForce revisions,
            AggregatorLimits limits,
            ChangeFeed feed,
            AggregatorCounts counts) {
        return addTo(new Topology(), topics, log, catalog, revisions, limits, feed, counts);
    }

    /** As {@link #topology}, into a topology of the caller's. */
    public static Topology addTo(
            Topology topology,
            Topics topics,
            String log,
            CatalogReader catalog,
            RevisionsInForce revisions,
            AggregatorLimits limits,
            ChangeFeed feed,
            AggregatorCounts counts) {
        return AggregatorTopology.addTo(topology, topics, log, catalog, revisions, limits, feed, counts);
    }
}

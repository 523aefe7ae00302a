package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.bench.process.CopyTopology;
import io.tallystick.deploy.bench.process.TextbookTopology;
import io.tallystick.schemas.topic.Topics;
import java.util.List;

/** What is measured: what its process runs, and which groups read which topics, one behind the other. */
enum Subject {
    COPY("copy", "plain copy of the topic"),
    TEXTBOOK("textbook", "textbook topology"),
    INGEST("ingest", "ingest"),
    INGEST_AGGREGATE("ingest_aggregate", "ingest and aggregation"),
    PIPELINE("pipeline", "whole pipeline to charges");

    private final String json;
    private final String title;

    Subject(String json, String title) {
        this.json = json;
        this.title = title;
    }

    /** One hop: who reads and commits what. */
    record Hop(String group, String topic) {}

    /** As the JSON file calls it. */
    String json() {
        return json;
    }

    String title() {
        return title;
    }

    /** For {@link io.tallystick.deploy.bench.process.Child}. */
    List<String> command(String bootstrap, String directory) {
        return switch (this) {
            case COPY -> List.of("copy", bootstrap, directory);
            case TEXTBOOK -> List.of("textbook", bootstrap, directory);
            case INGEST -> List.of("stages", bootstrap, directory, "ingest");
            case INGEST_AGGREGATE -> List.of("stages", bootstrap, directory, "ingest,aggregator");
            case PIPELINE -> List.of("stages", bootstrap, directory, "ingest,aggregator,rater,invoicer");
        };
    }

    List<Hop> hops(Topics topics) {
        String events = topics.usageEvents().name();
        Hop ingest = new Hop(topics.space().applicationId("ingest"), events);
        Hop aggregate = new Hop(
                topics.space().applicationId("aggregator"),
                topics.usageAccepted().name());
        Hop rate = new Hop(
                topics.space().applicationId("rater"), topics.usageTotals().name());
        return switch (this) {
            case COPY -> List.of(new Hop(CopyTopology.NAME, events));
            case TEXTBOOK ->
                List.of(
                        new Hop(TextbookTopology.NAME, events),
                        new Hop(TextbookTopology.NAME, TextbookTopology.REPARTITION));
            case INGEST -> List.of(ingest);
            case INGEST_AGGREGATE -> List.of(ingest, aggregate);
            case PIPELINE -> List.of(ingest, aggregate, rate);
        };
    }
}

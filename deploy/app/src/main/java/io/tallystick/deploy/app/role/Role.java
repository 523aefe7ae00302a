package io.tallystick.deploy.app.role;

import io.tallystick.aggregator.stream.AggregatorStage;
import io.tallystick.ingest.stream.IngestStage;
import io.tallystick.invoicer.stream.InvoicerStage;
import io.tallystick.rater.stream.RaterStage;

/** What a process can be: one of the four stages. */
public enum Role {
    INGEST(IngestStage.NAME, 2),
    AGGREGATOR(AggregatorStage.NAME, 2),
    RATER(RaterStage.NAME, 1),
    INVOICER(InvoicerStage.NAME, 1);

    private final String text;
    private final int threads;

    Role(String text, int threads) {
        this.text = text;
        this.threads = threads;
    }

    /** As the command line and its application id write it. */
    public String text() {
        return text;
    }

    /** Stream threads of its application: most of the work is in front. */
    int threads() {
        return threads;
    }

    @Override
    public String toString() {
        return text;
    }
}

package io.tallystick.deploy.app.derive;

import io.tallystick.aggregator.stream.AggregatorCounts;
import io.tallystick.aggregator.stream.AggregatorLimits;
import io.tallystick.aggregator.stream.AggregatorStage;
import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.invoicer.stream.InvoicerStage;
import io.tallystick.rater.stream.RaterStage;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What follows from one partition of {@code usage.accepted}: aggregator, rater and invoicer, each record handed on in memory in the form
 * it would have on the topic between. Invoices come out as the invoicer writes them.
 */
public final class AcceptedDerivation implements AutoCloseable {

    /** As on brokers, a commit lets a tenant be rated once for many events. */
    private static final int RECORDS_PER_COMMIT = 100_000;

    private final String accepted;
    private final String totals;
    private final String charges;
    private final String invoices;
    private final int partition;
    private final Consumer<Invoice> output;
    private final StageTask aggregator;
    private final StageTask rater;
    private final StageTask invoicer;
    private long totalsOffset;
    private long chargesOffset;
    private int uncommitted;

    /**
     * @param log the topic id that cuts name
     * @param subscriptions reads the documents that the rater prices by
     * @param output takes each invoice whenever it changes
     */
    public AcceptedDerivation(
            Topics topics,
            int partition,
            String log,
            CatalogReader catalogs,
            Function<String, Subscription> subscriptions,
            Path directory,
            Consumer<Invoice> output) {
        this.accepted = topics.usageAccepted().name();
        this.totals = topics.usageTotals().name();
        this.charges = topics.billingCharges().name();
        this.invoices = topics.billingInvoices().name();
        this.partition = partition;
        this.output = output;
        RevisionsInForce unheard = new RevisionsInForce();
        int partitions = topics.partitions();
        StagePlan plan = new StagePlan();
        AggregatorStage.addTo(
                plan,
                topics,
                log,
                catalogs,
                unheard,
                AggregatorLimits.DEFAULT,
                new ChangeFeed(),
                new AggregatorCounts());
        aggregator = new StageTask(plan.complete(), partition, partitions, directory.resolve("aggregator"), this::pass);
        plan = new StagePlan();
        RaterStage.addTo(plan, topics, catalogs, subscriptions, unheard);
        rater = new StageTask(plan.complete(), partition, partitions, directory.resolve("rater"), this::pass);
        plan = new StagePlan();
        InvoicerStage.addTo(plan, topics, catalogs, unheard);
        invoicer = new StageTask(plan.complete(), partition, partitions, directory.resolve("invoicer"), this::pass);
    }

    /** Takes the next record of the partition; throws {@link UnreadableRecordException} for one without a value. */
    public void take(byte @Nullable [] key, byte @Nullable [] value, long timestamp, long offset) {
        if (value == null) { // the stage's serde would hand on null
            throw new UnreadableRecordException("no value, where every record has one");
        }
        aggregator.process(Sent.plain(accepted, partition, key, value, timestamp), offset);
        if (++uncommitted >= RECORDS_PER_COMMIT) {
            commit();
        }
    }

    /** Has the stages hand on what they hold back, in the order of the flow. */
    public void commit() {
        uncommitted = 0;
        aggregator.commit();
        rater.commit();
        invoicer.commit();
    }

    private void pass(Sent sent) {
        if (sent.topic().equals(totals)) {
            rater.process(sent, totalsOffset++);
        } else if (sent.topic().equals(charges)) {
            invoicer.process(sent, chargesOffset++);
        } else if (sent.topic().equals(invoices)) {
            output.accept(TopicCodecs.INVOICES.decode(Objects.requireNonNull(sent.value())));
        }
        // Alerts, line items and deliveries follow from the same, and nobody asks for them here.
    }

    @Override
    public void close() {
        aggregator.close();
        rater.close();
        invoicer.close();
    }
}

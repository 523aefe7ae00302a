package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.aggregator.usage.ChangedWindow;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Control;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.stream.CommitPacer;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Adds accepted events to their windows on the heap, and right before each commit writes the changed ones to the stores and emits each once.
 * A control is passed on behind the totals of its tenant, or of every tenant where it concerns the whole partition.
 */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
final class AggregateProcessor implements Processor<byte[], AcceptedRecord, String, Object> {

    private final String log;
    private final CatalogReader catalogs;
    private final RevisionsInForce revisions;
    private final AggregatorLimits limits;
    private final ChangeFeed feed;
    private final AggregatorCounts counts;

    private ProcessorContext<String, Object> context;
    private AggregatorStores stores;
    private OpenTotals totals;
    private CommitPacer pacer;
    private final Set<String> countedMeters = new HashSet<>();
    private @Nullable Catalog catalog;

    /** @param log the topic id of {@code usage.accepted} */
    AggregateProcessor(
            String log,
            CatalogReader catalogs,
            RevisionsInForce revisions,
            AggregatorLimits limits,
            ChangeFeed feed,
            AggregatorCounts counts) {
        this.log = log;
        this.catalogs = catalogs;
        this.revisions = revisions;
        this.limits = limits;
        this.feed = feed;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        stores = AggregatorStores.of(context);
        // A task that is revived after an aborted transaction starts again from its stores: nothing may be left from
        // before.
        totals = new OpenTotals(stores, limits);
        countedMeters.clear();
        catalog = null;
        pacer = CommitPacer.on(context);
        PreCommitHook hook = context.getStateStore(PreCommitHook.NAME);
        hook.onCommit(context, this::beforeCommit);
        revisions.taken(context.taskId().partition(), Progress.revision(stores.progress()));
    }

    @Override
    public void process(Record<byte[], AcceptedRecord> record) {
        AcceptedRecord accepted = record.value();
        OpenTenant tenant = totals.touch(accepted.tenant());
        tenant.advance(accepted, record.timestamp());
        if (accepted instanceof AcceptedEvent event) {
            totals.grown(tenant.add(event, catalog(), this::alert));
            event.readings().forEach(reading -> noteCounted(reading.meter()));
            counts.added(event.readings().size());
            makeRoomIfFull();
        } else if (accepted instanceof ReadingBackfilled backfilled) {
            totals.grown(tenant.add(backfilled, catalog(), this::alert));
            noteCounted(backfilled.reading().meter());
            counts.added(1);
            makeRoomIfFull();
        } else if (accepted instanceof EventVoided voided) {
            flush(tenant); // what is taken back is found in the stores
            totals.grown(tenant.takeBack(voided, catalog()));
        } else if (accepted instanceof Control control) {
            passOn(control, tenant);
        }
        pacer.dirty(record.timestamp());
    }

    private void makeRoomIfFull() {
        if (totals.isFull()) {
            flushAll();
            totals.makeRoom();
        }
    }

    @Override
    public void close() {
        revisions.left(context.taskId().partition());
        counts.left(context.taskId().partition());
    }

    private void beforeCommit() {
        pacer.committing();
        flushAll();
        counts.holds(context.taskId().partition(), totals.heapBytes(), totals.tenants());
        pacer.committed();
    }

    private void flushAll() {
        totals.forEachTouched(this::flush);
    }

    private void flush(OpenTenant tenant) {
        if (!feed.isHeard(tenant.tenant())) {
            totals.grown(tenant.flush((day, slot, part) -> emit(day, slot, part, tenant.timestamp())));
            return;
        }
        Set<ChangedWindow> changes = new LinkedHashSet<>();
        totals.grown(tenant.flush((day, slot, part) -> {
            emit(day, slot, part, tenant.timestamp());
            changes.add(new ChangedWindow(day.meter(), hourOf(day, slot), day.dimensions()));
        }));
        feed.publish(tenant.tenant(), changes);
    }

    private static long hourOf(TotalsKey day, int slot) {
        return (long) day.time() * HourWindow.HOURS_PER_DAY + slot;
    }

    private void passOn(Control control, OpenTenant tenant) {
        if (control instanceof RevisionInForce revision) {
            flushAll();
            takeRevision(revision);
            emit(control, tenant.timestamp());
        } else if (control instanceof PeriodClosed closed) {
            flush(tenant);
            emit(closed.withCut(cutAt(closed)).withCoverage(coverageOf(closed)), tenant.timestamp());
        } else {
            flush(tenant);
            emit(control, tenant.timestamp());
        }
    }

    private void takeRevision(RevisionInForce revision) {
        catalog = catalogs.revision(revision.revision(), CatalogReader.PATIENCE).catalog();
        Progress.putRevision(revision.revision(), stores.progress());
        revisions.taken(context.taskId().partition(), revision.revision());
    }

    private Catalog catalog() {
        Catalog known = catalog;
        if (known == null) {
            int revision = Progress.revision(stores.progress());
            if (revision == 0) {
                throw new IllegalStateException("an event in front of the first catalogue revision");
            }
            known = catalogs.revision(revision, CatalogReader.PATIENCE).catalog();
            catalog = known;
        }
        return known;
    }

    private Cut cutAt(PeriodClosed closed) {
        RecordMetadata place = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a close marker without a place in the log"));
        return new Cut(log, place.partition(), place.offset(), closed.sequence());
    }

    private Coverage coverageOf(PeriodClosed closed) {
        return StoredUsage.coverage(closed.tenant(), catalog().meters().keySet(), closed.period(), stores.days());
    }

    private void noteCounted(String meter) {
        if (countedMeters.add(meter) && !Progress.hasCounted(meter, stores.progress())) {
            Progress.putCounted(meter, stores.progress());
        }
    }

    private void emit(TotalsKey day, int slot, Part part, long timestamp) {
        long hour = hourOf(day, slot);
        counts.emitted();
        emit(
                new WindowTotal(
                        day.tenant(),
                        0,
                        day.meter(),
                        day.dimensions(),
                        hour,
                        part.part(),
                        part.sequence(),
                        part.state()),
                timestamp);
    }

    private void emit(TotalRecord total, long timestamp) {
        context.forward(new Record<>(RecordKeys.of(total), total, timestamp), AggregatorTopology.TOTALS);
    }

    private void alert(String tenant, String meter, Dimensions overflow, long hour) {
        counts.overflowed();
        long now = totals.touch(tenant).timestamp();
        BigDecimal max = BigDecimal.valueOf(limits.dimensionsPerHourMax());
        Alert alert = new Alert(
                tenant,
                Alert.Kind.DIMENSIONS_OVERFLOW,
                "",
                new Period(HourWindow.startOf(hour), HourWindow.startOf(hour + 1)),
                meter,
                overflow,
                Instant.ofEpochMilli(now),
                null,
                max,
                max.add(BigDecimal.ONE),
                meter + " has more than " + max + " dimension combinations in one hour; the rest is added up under "
                        + AggregatorLimits.OVERFLOW);
        context.forward(new Record<>(tenant, alert, now), AggregatorTopology.ALERTS);
    }
}

package io.tallystick.invoicer.stream;

import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.invoice.InvoiceDrafting;
import io.tallystick.invoicer.invoice.InvoiceEvent;
import io.tallystick.invoicer.invoice.InvoiceLifecycle;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.stream.CommitPacer;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.value.HourWindow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the lines of the open periods and turns them into invoices where the log says that a period closes. Decides nothing itself: see
 * {@link InvoiceDrafting} and {@link InvoiceLifecycle}.
 */
final class InvoicingProcessor implements Processor<String, byte[], String, Object> {

    /** In front of a subscription's name: what it was when it last was billed by invoices. No name has a space in it. */
    private static final String BILLED_BEFORE = "billed before: ";

    private static final String IN_FORCE = "in-force";
    private static final String NEWEST_HOUR = "newest-hour";

    private final CatalogReader catalog;
    private final RevisionsInForce revisions;

    // Set by init, which comes before everything else.
    private ProcessorContext<String, Object> context;
    private OpenLines openLines;
    private KeyValueStore<String, Invoice> invoices;
    private KeyValueStore<String, Long> tenants;
    private KeyValueStore<String, String> subscriptions;
    private KeyValueStore<String, Integer> revision;
    private UsageOutbox usage;
    private CommitPacer pacer;

    /** @param revisions where to say which revision the partition works under */
    @SuppressWarnings("NullAway.Init")
    InvoicingProcessor(CatalogReader catalog, RevisionsInForce revisions) {
        this.catalog = catalog;
        this.revisions = revisions;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        openLines = new OpenLines(InvoicerTopology.OPEN_LINES.in(context));
        invoices = InvoicerTopology.INVOICES.in(context);
        tenants = InvoicerTopology.TENANTS.in(context);
        subscriptions = InvoicerTopology.SUBSCRIPTIONS.in(context);
        revision = InvoicerTopology.REVISION.in(context);
        usage = new UsageOutbox(
                InvoicerTopology.METERED_HOURS.in(context),
                InvoicerTopology.USAGE_HOURS.in(context),
                InvoicerTopology.USAGE_DUE.in(context),
                this::subscription);
        pacer = CommitPacer.on(context);
        PreCommitHook hook = context.getStateStore(PreCommitHook.NAME);
        hook.onCommit(context, () -> {
            pacer.committing();
            pacer.committed(); // all is sent as it comes
        });
        Integer inForce = revision.get(IN_FORCE);
        revisions.taken(context.taskId().partition(), inForce == null ? 0 : inForce);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            openLines.remove(record.key());
            return;
        }
        sendHoursThatAreOver(record.timestamp());
        ChargeRecord charge = TopicCodecs.CHARGES.decode(value);
        if (charge instanceof PeriodClosed closed) {
            usage.sendClosed(closed, delivery -> forward(delivery, record.timestamp()));
            close(closed, record.timestamp());
        } else if (charge instanceof InvoiceCommand command) {
            obey(command, record.timestamp());
        } else if (charge instanceof SubscriptionSet set) {
            take(set);
        } else if (charge instanceof RevisionInForce inForce) {
            take(inForce);
        } else if (charge instanceof MeteredHour metered) {
            usage.take(metered);
        } else {
            openLines.put(record.key(), value);
        }
    }

    @Override
    public void close() {
        revisions.left(context.taskId().partition());
    }

    private void close(PeriodClosed closed, long timestamp) {
        Subscription subscription = subscription(closed.subscription());
        if (closed.attempt() != PeriodClosed.ADJUSTMENTS
                && invoices.get(InvoiceDrafting.idOf(subscription, closed)) != null) {
            return; // asked for twice
        }
        OpenLines.Period period = openLines.takeAll(closed);
        Long count = tenants.get(closed.tenant());
        List<Invoice> drafts = InvoiceDrafting.drafts(
                closed,
                subscription,
                period.lines(),
                period.shadows(),
                catalog.revision(closed.revision(), CatalogReader.PATIENCE),
                count == null ? 0 : count,
                id -> invoices.get(id) != null);
        tenants.put(closed.tenant(), (count == null ? 0 : count) + drafts.size());
        for (Invoice draft : drafts) {
            apply(draft.id(), null, InvoiceLifecycle.decide(null, draft, Instant.ofEpochMilli(timestamp)), timestamp);
        }
    }

    private void obey(InvoiceCommand command, long timestamp) {
        Invoice state = invoices.get(command.invoice());
        apply(
                command.invoice(),
                state,
                InvoiceLifecycle.decide(state, command, Instant.ofEpochMilli(timestamp)),
                timestamp);
    }

    /** Remembers who billed by invoices until now, where nobody does any more: bills that stand there may be withdrawn yet. */
    private void take(SubscriptionSet set) {
        String before = subscriptions.get(set.subscription());
        if (before != null
                && InvoiceDeliveries.isBilledBy(
                        SubscriptionDocument.read(before).provider())
                && !InvoiceDeliveries.isBilledBy(
                        SubscriptionDocument.read(set.document()).provider())) {
            subscriptions.put(BILLED_BEFORE + set.subscription(), before);
        }
        subscriptions.put(set.subscription(), set.document());
    }

    private void take(RevisionInForce inForce) {
        revision.put(IN_FORCE, inForce.revision());
        revisions.taken(context.taskId().partition(), inForce.revision());
        pacer.dirty(context.currentStreamTimeMs());
    }

    private void apply(String id, @Nullable Invoice state, List<InvoiceEvent> events, long timestamp) {
        Invoice now = state;
        for (InvoiceEvent event : events) {
            Invoice before = now;
            now = InvoiceLifecycle.evolve(before, event);
            invoices.put(id, now);
            context.forward(new Record<>(id, now, timestamp), InvoicerTopology.INVOICES_SINK);
            if (now.status() == InvoiceStatus.FINALIZED) {
                for (InvoiceLine line : InvoiceDrafting.lineItems(now)) {
                    context.forward(new Record<>(line.tenant(), line, timestamp), InvoicerTopology.LINE_ITEMS_SINK);
                }
            }
            deliver(before, now, timestamp);
            pacer.dirty(timestamp);
        }
    }

    /** Writes what the change sends to a payment provider, in the transaction that makes the change. */
    private void deliver(@Nullable Invoice before, Invoice now, long timestamp) {
        boolean isWithdrawn =
                now.status() == InvoiceStatus.VOID && before != null && before.status() != InvoiceStatus.DRAFT;
        Subscription.Provider provider = isWithdrawn
                ? lastBilledBy(now.subscription())
                : subscription(now.subscription()).provider();
        if (provider == null) {
            return;
        }
        Optional<Delivery> delivery = now.status() == InvoiceStatus.FINALIZED
                ? finalized(now, provider)
                : isWithdrawn ? InvoiceDeliveries.voided(now, provider) : Optional.empty();
        delivery.ifPresent(some -> forward(some, timestamp));
    }

    private Subscription.@Nullable Provider lastBilledBy(String subscription) {
        Subscription.Provider provider = subscription(subscription).provider();
        String before = subscriptions.get(BILLED_BEFORE + subscription);
        return before == null || InvoiceDeliveries.isBilledBy(provider)
                ? provider
                : SubscriptionDocument.read(before).provider();
    }

    /** Nothing is billed two ways: by its invoice and by what the provider was sent before the mode was changed. */
    private Optional<Delivery> finalized(Invoice invoice, Subscription.Provider provider) {
        Optional<Invoice> replaced =
                InvoiceDrafting.replaced(invoice, subscription(invoice.subscription()), invoices::get);
        Optional<Delivery> delivery = replaced.isPresent()
                ? InvoiceDeliveries.finalized(invoice, provider, replaced.get())
                : InvoiceDeliveries.finalized(invoice, provider);
        return delivery.isPresent() && usage.hasSent(invoice.tenant(), invoice.subscription(), invoice.period())
                ? Optional.of(InvoiceDeliveries.withheld(
                        invoice, provider, "usage of this period went to the provider, which bills it itself"))
                : delivery;
    }

    private void sendHoursThatAreOver(long timestamp) {
        long hour = HourWindow.hourOf(timestamp);
        Integer newest = revision.get(NEWEST_HOUR);
        if (newest == null || hour > newest) {
            revision.put(NEWEST_HOUR, Math.toIntExact(hour));
            usage.sendBefore(HourWindow.startOf(hour), delivery -> forward(delivery, timestamp));
        }
    }

    private void forward(Delivery delivery, long timestamp) {
        context.forward(new Record<>(delivery.tenant(), delivery, timestamp), InvoicerTopology.DELIVERIES_SINK);
        pacer.dirty(timestamp);
    }

    private Subscription subscription(String name) {
        String document = subscriptions.get(name);
        if (document == null) {
            throw new IllegalStateException(
                    "a period of subscription " + name + " closes before the subscription came");
        }
        return SubscriptionDocument.read(document);
    }
}

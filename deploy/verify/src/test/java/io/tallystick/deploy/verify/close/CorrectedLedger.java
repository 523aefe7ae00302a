package io.tallystick.deploy.verify.close;

import io.tallystick.deploy.app.derive.AcceptedDerivation;
import io.tallystick.deploy.app.derive.OneCatalog;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One tenant's log from its first event on, the invoices that aggregator, rater and invoicer make of it, and what each period costs when
 * somebody works it out from the whole list of usage.
 */
final class CorrectedLedger implements AutoCloseable {

    static final String TENANT = "acme";
    static final Instant START = Instant.parse("2026-04-01T00:00:00Z");

    private static final String CATALOG = """
            meters:
              - {meter: units, eventType: used, aggregation: sum, value: $.units}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: EUR
                plans:
                  - plan: tiered
                    charges:
                      - charge: units
                        model: graduated
                        meter: units
                        tiers: [{upTo: "100", unitPrice: "1.00"}, {upTo: "500", unitPrice: "0.333"}, {upTo: null, unitPrice: "0.07"}]
            subscriptions:
              - tenant: acme
                plan: tiered
                start: "2026-04-01T00:00:00Z"
                period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}
            """;

    private final CatalogRevision revision;
    private final BillingPeriods periods;
    private final AcceptedDerivation stages;
    private final List<Invoice> written = new ArrayList<>();
    private final Map<String, Invoice> standing = new TreeMap<>();
    private final Map<Instant, BigDecimal> used = new TreeMap<>();
    private final List<AcceptedEvent> counted = new ArrayList<>();
    private Instant now = START;
    private long offset;
    private long sequence;

    /** @param more lines of the subscription, as {@code lateUsage: credit_note} */
    CorrectedLedger(Path directory, String... more) {
        String catalog = CATALOG
                + String.join(
                        "",
                        List.of(more).stream().map(line -> "    " + line + "\n").toList());
        revision = OneCatalog.read(catalog.getBytes(StandardCharsets.UTF_8), "test", Catalog.Settings.DEFAULT, null);
        Subscription subscription = revision.catalog().subscriptions().get(TENANT);
        periods = BillingPeriods.of(subscription);
        stages = new AcceptedDerivation(
                new Topics(Space.DEFAULT, 1),
                0,
                "log",
                (number, patience) -> revision,
                SubscriptionDocument::read,
                directory,
                this::take);
        append(new RevisionInForce(0, 1, 0, 1, revision.hash()));
        append(new SubscriptionSet(TENANT, 0, ++sequence, 1, TENANT, CatalogCanonical.json(subscription)));
    }

    private void take(Invoice invoice) {
        written.add(invoice);
        standing.put(invoice.id(), invoice);
    }

    /** The n-th billing period, from 0. */
    Period period(int number) {
        Period period = periods.first();
        for (int i = 0; i < number; i++) {
            period = periods.next(period);
        }
        return period;
    }

    /** Usage, late or not; it may be negative. */
    void use(Instant time, String units) {
        AcceptedEvent event = new AcceptedEvent(
                TENANT,
                0,
                ++sequence,
                new Place(0, offset),
                new Identity(1, sequence),
                0,
                1,
                time.toEpochMilli(),
                now.toEpochMilli(),
                List.of(new Reading("units", Dimensions.NONE, new BigDecimal(units), null)));
        count(event, BigDecimal.ONE);
        counted.add(event);
        append(event);
    }

    /** How many events count. */
    int events() {
        return counted.size();
    }

    /** Takes back one of the events that count, the n-th from 0. */
    void voidEvent(int number) {
        AcceptedEvent event = counted.remove(number);
        count(event, BigDecimal.ONE.negate());
        append(new EventVoided(
                TENANT,
                0,
                ++sequence,
                event.sequence(),
                event.place(),
                event.identity(),
                1,
                event.time(),
                event.readings(),
                "sent by mistake",
                now.toEpochMilli()));
    }

    private void count(AcceptedEvent event, BigDecimal sign) {
        Instant start = periods.containing(Instant.ofEpochMilli(event.time())).start();
        BigDecimal units = event.readings().get(0).value();
        used.merge(start, units.multiply(sign), BigDecimal::add);
    }

    void close(Period period) {
        mark(period, 1);
    }

    /** Books what is late of a subscription that is over. */
    void adjust(Period last) {
        mark(last, PeriodClosed.ADJUSTMENTS);
    }

    /** Voids the newest invoice that bills the period whole, and has it issued again. */
    void reissue(Period period) {
        int attempt = 1;
        while (standing.containsKey(id(period, attempt + 1))) {
            attempt++;
        }
        append(new InvoiceCommand(TENANT, 0, ++sequence, 1, id(period, attempt), InvoiceCommand.Action.VOID, "wrong"));
        mark(period, attempt + 1);
    }

    /** Asks something of an invoice or credit note, which may be illegal. */
    void command(String invoice, InvoiceCommand.Action action) {
        append(new InvoiceCommand(TENANT, 0, ++sequence, 1, invoice, action, "asked"));
    }

    private String id(Period period, int attempt) {
        return periods.invoiceId(period) + (attempt == 1 ? "" : "-r" + attempt);
    }

    private void mark(Period period, int attempt) {
        if (now.isBefore(period.end())) {
            now = period.end();
        }
        append(new PeriodClosed(TENANT, 0, ++sequence, 1, TENANT, period, attempt, null, null));
        stages.commit();
    }

    private void append(AcceptedRecord record) {
        now = now.plusSeconds(1);
        stages.take(
                record.tenant().getBytes(StandardCharsets.UTF_8),
                TopicCodecs.ACCEPTED.encode(record),
                now.toEpochMilli(),
                offset++);
    }

    /** Every record of {@code billing.invoices}, in order. */
    List<Invoice> written() {
        return written;
    }

    Invoice invoice(String id) {
        Invoice invoice = standing.get(id);
        if (invoice == null) {
            throw new AssertionError("no invoice " + id + " but " + standing.keySet());
        }
        return invoice;
    }

    /** The ids of all invoices. */
    List<String> ids() {
        return List.copyOf(standing.keySet());
    }

    /** What the tenant owes: the sum of all invoices and credit notes that are not void. */
    BigDecimal billed() {
        return standing.values().stream()
                .filter(invoice -> invoice.status() != InvoiceStatus.VOID)
                .map(Invoice::total)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What these periods cost, each worked out once from all of its usage. */
    BigDecimal clean(List<Period> closed) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Period period : closed) {
            sum = sum.add(price(used.getOrDefault(period.start(), BigDecimal.ZERO)));
        }
        return sum;
    }

    private static BigDecimal price(BigDecimal units) {
        BigDecimal left = units.max(BigDecimal.ZERO);
        BigDecimal first = left.min(new BigDecimal(100));
        BigDecimal second = left.subtract(first).min(new BigDecimal(400));
        BigDecimal third = left.subtract(first).subtract(second);
        return first.add(second.multiply(new BigDecimal("0.333")))
                .add(third.multiply(new BigDecimal("0.07")))
                .setScale(2, RoundingMode.HALF_UP);
    }

    @Override
    public void close() {
        stages.close();
    }
}

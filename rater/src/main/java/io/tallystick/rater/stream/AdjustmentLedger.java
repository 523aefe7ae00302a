package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.CreditNotes;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Which corrections are on which invoice: what a reissue must carry once more, what it must not bill again because another invoice has
 * it, and what must be booked again because the document it was on is void.
 */
final class AdjustmentLedger {

    /** Stands where a period's start does, with the document's id behind it, for what is on credit notes and adjustment invoices. */
    private static final String APART = "";

    private final KeyValueStore<String, byte[]> store;

    /** @param store by tenant, subscription, start of the carrying period, and line; and each document's status */
    AdjustmentLedger(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /**
     * Notes the lines as being on the invoice of {@code carrier}, or on documents of their own, which are drafts now: credit notes, and what no invoice
     * carries.
     *
     * @param last the period that an adjustment invoice is named after
     */
    void carry(Subscription subscription, Optional<Period> carrier, Period last, List<LineItem> lines) {
        BillingPeriods periods = BillingPeriods.of(subscription);
        List<LineItem> invoiced = new ArrayList<>(lines);
        if (subscription.lateUsage() == LateUsage.CREDIT_NOTE) {
            for (List<LineItem> note : CreditNotes.of(lines).values()) {
                invoiced.removeAll(note);
                keep(subscription, draft(subscription, periods.invoiceId(corrected(note.get(0))) + "-c"), note);
            }
        }
        if (carrier.isPresent()) {
            keep(subscription, List.of(carrier.get().start().toString()), invoiced);
        } else if (!invoiced.isEmpty()) {
            keep(subscription, draft(subscription, periods.invoiceId(last) + "-a"), invoiced);
        }
    }

    private void keep(Subscription subscription, List<String> carrier, List<LineItem> lines) {
        for (LineItem line : lines) {
            List<String> parts = new ArrayList<>(List.of(subscription.tenant(), subscription.subscription()));
            parts.addAll(carrier);
            parts.add(line.line());
            add(
                    SubscriptionBook.key(parts.toArray(String[]::new)),
                    subscription.tenant(),
                    subscription.subscription(),
                    line);
        }
    }

    /** A new document of corrections, under the id that the invoicer gives it. */
    private List<String> draft(Subscription subscription, String prefix) {
        int number = 1;
        while (store.get(documentKey(subscription.tenant(), prefix + number)) != null) {
            number++;
        }
        put(subscription.tenant(), prefix + number, new Document(InvoiceStatus.DRAFT, subscription.subscription()));
        return List.of(APART, prefix + number);
    }

    /** A document of corrections, as the invoicer has it. */
    private record Document(InvoiceStatus status, String subscription) {}

    /** What stands no longer since a document was voided, and so is to be booked again. */
    record Withdrawn(String subscription, List<Period> periods) {}

    /** What a command comes to, if it is about a document of corrections and makes them void. */
    Optional<Withdrawn> take(InvoiceCommand command) {
        byte @Nullable [] known = store.get(documentKey(command.tenant(), command.invoice()));
        if (known == null) {
            return Optional.empty();
        }
        Document document = document(known);
        if (!document.status().allows(command.action())) {
            return Optional.empty(); // nor does it change anything for the invoicer
        }
        put(
                command.tenant(),
                command.invoice(),
                new Document(InvoiceStatus.after(command.action()), document.subscription()));
        return command.action() == InvoiceCommand.Action.VOID
                ? Optional.of(withdraw(command.tenant(), document.subscription(), command.invoice()))
                : Optional.empty();
    }

    private Withdrawn withdraw(String tenant, String subscription, String document) {
        List<Period> periods = new ArrayList<>();
        entries(SubscriptionBook.prefix(tenant, subscription, APART, document)).forEach((key, line) -> {
            add(withdrawnKey(tenant, subscription, line), tenant, subscription, line);
            store.delete(key);
            if (!periods.contains(corrected(line))) {
                periods.add(corrected(line));
            }
        });
        return new Withdrawn(subscription, periods);
    }

    /** The corrections of a period that were on documents which are void now. */
    List<LineItem> withdrawn(Subscription subscription, Period corrected) {
        return entries(withdrawnPrefix(subscription.tenant(), subscription.subscription())).values().stream()
                .filter(line -> corrected(line).equals(corrected))
                .toList();
    }

    /** The period is booked again as a whole, by corrections or by a new bill. */
    void rebooked(Subscription subscription, Period corrected) {
        forgetWithdrawn(subscription.tenant(), subscription.subscription(), corrected.start());
    }

    private void forgetWithdrawn(String tenant, String subscription, Instant start) {
        List<String> old = new ArrayList<>();
        entries(withdrawnPrefix(tenant, subscription)).forEach((key, line) -> {
            if (corrected(line).start().equals(start)) {
                old.add(key);
            }
        });
        old.forEach(store::delete);
    }

    /** What two lists of corrections of one period come to, line by line. */
    static List<LineItem> sum(List<LineItem> some, List<LineItem> more) {
        SortedMap<String, LineItem> sums = new TreeMap<>();
        some.forEach(line -> sums.merge(line.line(), line, AdjustmentLedger::sum));
        more.forEach(line -> sums.merge(line.line(), line, AdjustmentLedger::sum));
        return sums.values().stream()
                .filter(line -> line.amount().signum() != 0)
                .sorted(LineItem.INVOICE_ORDER)
                .toList();
    }

    private void add(String key, String tenant, String subscription, LineItem line) {
        byte @Nullable [] known = store.get(key);
        store.put(key, encoded(tenant, subscription, known == null ? line : sum(line(known), line)));
    }

    private void put(String tenant, String id, Document document) {
        store.put(
                documentKey(tenant, id),
                CanonicalJson.write(List.of(document.status().name(), document.subscription()))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Document document(byte[] value) {
        List<String> parts = RecordKeys.elementsOf(new String(value, StandardCharsets.UTF_8));
        return new Document(InvoiceStatus.valueOf(parts.get(0)), parts.get(1));
    }

    // No subscription is called "": these keys are outside of what any of them has.
    private static String documentKey(String tenant, String id) {
        return SubscriptionBook.key(tenant, "", "document", id);
    }

    private static String withdrawnKey(String tenant, String subscription, LineItem line) {
        return SubscriptionBook.key(tenant, "", "withdrawn", subscription, line.line());
    }

    private static String withdrawnPrefix(String tenant, String subscription) {
        return SubscriptionBook.prefix(tenant, "", "withdrawn", subscription);
    }

    private static Period corrected(LineItem line) {
        LineItem.Adjusts adjusts = line.adjusts();
        if (adjusts == null) {
            throw new IllegalArgumentException("a correction that corrects nothing: " + line.line());
        }
        return adjusts.period();
    }

    /** The corrections of other periods on the invoice of one. */
    List<LineItem> carriedBy(Subscription subscription, Period carrier) {
        return List.copyOf(entries(SubscriptionBook.prefix(
                        subscription.tenant(),
                        subscription.subscription(),
                        carrier.start().toString()))
                .values());
    }

    /** The lines that take back, from a new bill of the period, the corrections of it that other invoices have. What was given back to credit is settled there. */
    List<LineItem> takingBack(Subscription subscription, Period corrected) {
        SortedMap<String, LineItem> elsewhere = new TreeMap<>();
        entries(SubscriptionBook.prefix(subscription.tenant(), subscription.subscription()))
                .values()
                .forEach(line -> {
                    LineItem.Adjusts adjusts = line.adjusts();
                    if (adjusts != null && adjusts.period().equals(corrected) && !line.isGivenBack()) {
                        elsewhere.merge(line.line(), line, AdjustmentLedger::sum);
                    }
                });
        List<LineItem> lines = new ArrayList<>();
        for (LineItem line : elsewhere.values()) {
            if (line.amount().signum() != 0) {
                lines.add(with(
                        line,
                        "On another invoice: " + line.description(),
                        negated(line.metered()),
                        negated(line.quantity()),
                        negated(line.billable()),
                        line.amount().negate()));
            }
        }
        return lines;
    }

    /** A period takes no corrections any more, and is not issued again. */
    void forget(String tenant, String subscription, Instant start) {
        List<String> old = new ArrayList<>();
        entries(SubscriptionBook.prefix(tenant, subscription)).forEach((key, line) -> {
            // A key's third element is the carrier; what was carried apart goes with the period that it corrects.
            LineItem.Adjusts adjusts = line.adjusts();
            boolean apart = key.startsWith(SubscriptionBook.prefix(tenant, subscription, APART));
            boolean corrects = adjusts != null && adjusts.period().start().equals(start);
            if (apart ? corrects : SubscriptionBook.startOf(key).equals(start)) {
                old.add(key);
            }
        });
        old.forEach(store::delete);
        forgetWithdrawn(tenant, subscription, start);
    }

    private SortedMap<String, LineItem> entries(String prefix) {
        SortedMap<String, LineItem> lines = new TreeMap<>();
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                lines.put(entry.key, line(entry.value));
            }
        }
        return lines;
    }

    private static LineItem sum(LineItem one, LineItem other) {
        return with(
                other,
                other.description(),
                sum(one.metered(), other.metered()),
                sum(one.quantity(), other.quantity()),
                sum(one.billable(), other.billable()),
                one.amount().add(other.amount()));
    }

    private static LineItem with(
            LineItem line,
            String description,
            @Nullable BigDecimal metered,
            @Nullable BigDecimal quantity,
            @Nullable BigDecimal billable,
            BigDecimal amount) {
        return new LineItem(
                line.line(),
                line.kind(),
                line.charge(),
                line.meter(),
                description,
                line.dimensions(),
                metered,
                quantity,
                null,
                billable,
                null,
                amount,
                Fraction.of(amount),
                line.pricingVersion(),
                line.period(),
                List.of(),
                line.adjusts());
    }

    private static @Nullable BigDecimal sum(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.add(other);
    }

    private static @Nullable BigDecimal negated(@Nullable BigDecimal value) {
        return value == null ? null : value.negate();
    }

    private static byte[] encoded(String tenant, String subscription, LineItem line) {
        return TopicCodecs.CHARGES.encode(new ChargeLine(tenant, 0, subscription, corrected(line), 0, "", line));
    }

    private static LineItem line(byte[] encoded) {
        return ((ChargeLine) TopicCodecs.CHARGES.decode(encoded)).line();
    }
}

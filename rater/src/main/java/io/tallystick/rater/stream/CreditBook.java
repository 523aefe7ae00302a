package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.CreditAccount;
import io.tallystick.rater.pricing.CreditAccount.Event;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.codec.CatalogTexts;
import io.tallystick.schemas.event.CreditNotes;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The prepaid credit of this partition's tenants: the grants as they came in band, and every event of theirs. What an invoice uses
 * is decided by {@link CreditAccount}; here it is kept.
 */
final class CreditBook {

    private static final int TENANTS_ON_HEAP_MAX = 10_000;
    private static final String GRANT = "grant";
    private static final String EVENT = "event";

    private final KeyValueStore<String, String> store;
    private final Map<String, CreditAccount> byTenant = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CreditAccount> eldest) {
            return size() > TENANTS_ON_HEAP_MAX;
        }
    };

    CreditBook(KeyValueStore<String, String> store) {
        this.store = store;
    }

    void set(CreditSet set) {
        CreditAccount account = of(set.tenant());
        var grant = CatalogTexts.credit(set.document());
        List<Event> events = account.grant(grant, set.sequence());
        String key = SubscriptionBook.key(set.tenant(), GRANT, set.credit());
        String before = store.get(key);
        String created = before == null
                ? Long.toString(set.sequence())
                : RecordKeys.elementsOf(before).get(0);
        store.put(key, CanonicalJson.write(List.of(created, set.document())));
        account.set(grant, set.sequence());
        keep(set.tenant(), events);
    }

    /**
     * What pays the invoice of these lines if it is closed now.
     *
     * @param lines of the period itself, and the corrections of others that it carries
     */
    List<LineItem> payments(Subscription subscription, Period period, String currency, List<LineItem> lines) {
        CreditAccount account = of(subscription.tenant());
        return account.isEmpty() ? List.of() : payments(account, subscription, period, currency, lines);
    }

    static List<LineItem> payments(
            CreditAccount account, Subscription subscription, Period period, String currency, List<LineItem> lines) {
        return pay(account, subscription, period, currency, invoiced(subscription, lines));
    }

    /** As the other, for a reissue, which has no credit notes: it carries everything itself. */
    List<LineItem> reissuePayments(Subscription subscription, Period period, String currency, List<LineItem> lines) {
        return pay(of(subscription.tenant()), subscription, period, currency, lines);
    }

    private static List<LineItem> pay(
            CreditAccount account, Subscription subscription, Period period, String currency, List<LineItem> lines) {
        BigDecimal due = lines.stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        return due.signum() <= 0
                ? List.of()
                : account.pay(
                        subscription.subscription(),
                        period,
                        currency,
                        lines.get(0).pricingVersion(),
                        due);
    }

    /** All but what goes on credit notes, which lessen no invoice. */
    private static List<LineItem> invoiced(Subscription subscription, List<LineItem> lines) {
        List<LineItem> invoiced = new ArrayList<>(lines);
        if (subscription.lateUsage() == LateUsage.CREDIT_NOTE) {
            CreditNotes.of(lines).values().forEach(invoiced::removeAll);
        }
        return invoiced;
    }

    /**
     * The invoice with these payments is made. Says whether any credit was used.
     *
     * @param lines that are paid, of the period itself and corrections of others
     */
    boolean use(PeriodClosed closed, Subscription subscription, List<LineItem> lines, List<LineItem> payments) {
        String id = BillingPeriods.of(subscription).invoiceId(closed.period());
        String invoice = closed.attempt() == 1 ? id : id + "-r" + closed.attempt();
        boolean hasNotes = closed.attempt() == 1;
        return keep(
                closed.tenant(),
                of(closed.tenant())
                        .use(
                                payments,
                                invoice,
                                costs(subscription, closed.period(), lines, hasNotes),
                                closed.sequence()));
    }

    /** What an invoice asks for, by the first invoice of the period that it is of; its own comes first. */
    private static Map<String, BigDecimal> costs(
            Subscription subscription, Period period, List<LineItem> lines, boolean hasNotes) {
        BillingPeriods periods = BillingPeriods.of(subscription);
        Map<String, BigDecimal> costs = new LinkedHashMap<>();
        costs.put(periods.invoiceId(period), BigDecimal.ZERO);
        for (LineItem line : hasNotes ? invoiced(subscription, lines) : lines) {
            LineItem.Adjusts adjusts = line.adjusts();
            costs.merge(periods.invoiceId(adjusts == null ? period : adjusts.period()), line.amount(), BigDecimal::add);
        }
        return costs;
    }

    /**
     * What goes back to prepaid credit, and not in money, because a closed period became cheaper.
     *
     * @param lines the corrections that are not booked yet
     */
    List<LineItem> givenBack(Subscription subscription, Period period, List<LineItem> lines) {
        CreditAccount account = of(subscription.tenant());
        if (account.isEmpty() || lines.isEmpty()) {
            return List.of();
        }
        boolean onNote = subscription.lateUsage() == LateUsage.CREDIT_NOTE;
        BigDecimal less = lines.stream()
                .map(LineItem::amount)
                .filter(amount -> !onNote || amount.signum() < 0)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .negate();
        return account.giveBackFor(
                BillingPeriods.of(subscription).invoiceId(period),
                period,
                less,
                lines.get(0).pricingVersion());
    }

    /**
     * The lines with which a bill that is issued again takes its part in what was given back of its credit.
     *
     * @param unbilled corrections of its period that are on no bill any more
     */
    List<LineItem> settle(
            PeriodClosed closed, Subscription subscription, List<LineItem> unbilled, String pricingVersion) {
        CreditAccount account = of(closed.tenant());
        String of = BillingPeriods.of(subscription).invoiceId(closed.period());
        List<LineItem> givenBack =
                unbilled.stream().filter(LineItem::isGivenBack).toList();
        keep(closed.tenant(), account.absorb(givenBack, of, closed.sequence()));
        return account.settled(of, closed.period(), pricingVersion);
    }

    /** These lines, which give back, are billed. Says whether there are any. */
    boolean correct(PeriodClosed closed, Subscription subscription, Period period, List<LineItem> lines) {
        return keep(
                closed.tenant(),
                of(closed.tenant())
                        .correct(lines, BillingPeriods.of(subscription).invoiceId(period), closed.sequence()));
    }

    /** Says whether a voided invoice gives credit back. */
    boolean take(InvoiceCommand command) {
        return command.action() == InvoiceCommand.Action.VOID
                && keep(command.tenant(), of(command.tenant()).giveBack(command.invoice(), command.sequence()));
    }

    private boolean keep(String tenant, List<Event> events) {
        CreditAccount account = of(tenant);
        for (Event event : events) {
            String at = String.format(Locale.ROOT, "%019d", event.sequence());
            store.put(
                    SubscriptionBook.key(
                            tenant, EVENT, at, event.credit(), event.kind().name(), event.of()),
                    CanonicalJson.write(List.of(
                            event.kind().name(),
                            event.credit(),
                            event.amount().toPlainString(),
                            event.invoice(),
                            event.of())));
            account.evolve(event);
        }
        return !events.isEmpty();
    }

    private CreditAccount of(String tenant) {
        return byTenant.computeIfAbsent(tenant, name -> read(name, store));
    }

    /** Folds a tenant's events from a store as it stands. */
    static CreditAccount read(String tenant, ReadOnlyKeyValueStore<String, String> store) {
        CreditAccount account = new CreditAccount();
        entries(store, SubscriptionBook.prefix(tenant, GRANT)).forEach(entry -> {
            List<String> parts = RecordKeys.elementsOf(entry.value);
            account.set(CatalogTexts.credit(parts.get(1)), Long.parseLong(parts.get(0)));
        });
        entries(store, SubscriptionBook.prefix(tenant, EVENT)).forEach(entry -> {
            List<String> parts = RecordKeys.elementsOf(entry.value);
            account.evolve(new Event(
                    Long.parseLong(RecordKeys.elementsOf(entry.key).get(2)),
                    CreditAccount.Kind.valueOf(parts.get(0)),
                    parts.get(1),
                    new BigDecimal(parts.get(2)),
                    parts.get(3),
                    parts.size() > 4
                            ? parts.get(4)
                            : parts.get(3))); // before that was kept, each invoice stood for itself
        });
        return account;
    }

    private static List<KeyValue<String, String>> entries(ReadOnlyKeyValueStore<String, String> store, String prefix) {
        List<KeyValue<String, String>> entries = new ArrayList<>();
        try (KeyValueIterator<String, String> found = store.prefixScan(prefix, new StringSerializer())) {
            found.forEachRemaining(entries::add);
        }
        return entries;
    }
}

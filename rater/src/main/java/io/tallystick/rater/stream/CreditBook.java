package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.CreditAccount;
import io.tallystick.rater.pricing.CreditAccount.Event;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.codec.CatalogTexts;
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
        BigDecimal due = lines.stream()
                .filter(line -> !isOnCreditNote(subscription, line))
                .map(LineItem::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return due.signum() <= 0
                ? List.of()
                : account.pay(
                        subscription.subscription(),
                        period,
                        currency,
                        lines.get(0).pricingVersion(),
                        due);
    }

    /** A correction that is given back by itself lessens no invoice. */
    private static boolean isOnCreditNote(Subscription subscription, LineItem line) {
        return subscription.lateUsage() == LateUsage.CREDIT_NOTE
                && line.kind() == LineItem.Kind.ADJUSTMENT
                && line.amount().signum() < 0;
    }

    /** The invoice with these payments is made. Says whether any credit was used. */
    boolean use(PeriodClosed closed, Subscription subscription, List<LineItem> payments) {
        String id = BillingPeriods.of(subscription).invoiceId(closed.period());
        String invoice = closed.attempt() == 1 ? id : id + "-r" + closed.attempt();
        return keep(closed.tenant(), of(closed.tenant()).use(payments, invoice, closed.sequence()));
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
                    SubscriptionBook.key(tenant, EVENT, at, event.credit()),
                    CanonicalJson.write(List.of(
                            event.kind().name(), event.credit(), event.amount().toPlainString(), event.invoice())));
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
                    parts.get(3)));
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

package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.topic.TopicFollower;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every invoice as it stands, from what the invoicer has committed to {@code billing.invoices}: the read model behind the HTTP interface. Each process
 * that answers for invoices has one, and it knows the invoices of all partitions.
 */
public final class InvoiceView implements AutoCloseable {

    private final Map<String, Entry> byId = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TopicFollower follower;

    /** What a list is chosen and ordered by; the rest stays encoded, a tenth of the size. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(
            String id,
            String tenant,
            String subscription,
            Period period,
            YearMonth month,
            InvoiceStatus status,
            Instant changedAt,
            long sequence,
            byte[] encoded) {

        Invoice invoice() {
            return TopicCodecs.INVOICES.decode(encoded);
        }
    }

    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::tenant)
            .thenComparing(entry -> entry.period().start())
            .thenComparing(Entry::subscription)
            .thenComparing(Entry::sequence)
            .thenComparing(Entry::id);

    private record PeriodKey(String subscription, Period period) {}

    /** How often each period was billed: 1, and one more for each reissue. */
    private final Map<PeriodKey, Integer> byPeriod = new ConcurrentHashMap<>();

    /** @param consumers new consumers of committed records, without a group; one is open at a time */
    public InvoiceView(Topics topics, Supplier<Consumer<String, byte[]>> consumers) {
        follower = new TopicFollower("invoice-view", topics.billingInvoices(), consumers, this::take);
    }

    public void start() {
        follower.start();
    }

    /** Whether everything is known that was committed when the view started. */
    public boolean ready() {
        return follower.ready();
    }

    public Optional<Invoice> invoice(String id) {
        return Optional.ofNullable(byId.get(id)).map(Entry::invoice);
    }

    /**
     * Invoices in order of tenant, period and subscription.
     *
     * @param tenants whose invoices
     * @param month in which the period starts, in the subscription's zone; null for all
     */
    public List<Invoice> invoices(Predicate<String> tenants, @Nullable YearMonth month) {
        return invoices(tenants, month, null, Integer.MAX_VALUE);
    }

    /**
     * A page of them. An invoice never moves in this order but by a change of itself, so pages neither repeat nor leave out one that stays as it is.
     *
     * @param after the id of the invoice in front of the page; null for the first page, which an unknown one is answered with, too
     */
    public List<Invoice> invoices(
            Predicate<String> tenants, @Nullable YearMonth month, @Nullable String after, int limit) {
        Entry last = after == null ? null : byId.get(after);
        List<Entry> chosen = new ArrayList<>();
        for (Entry entry : byId.values()) {
            if (tenants.test(entry.tenant())
                    && (month == null || month.equals(entry.month()))
                    && (last == null || ORDER.compare(entry, last) > 0)) {
                chosen.add(entry);
            }
        }
        chosen.sort(ORDER);
        return chosen.stream().limit(limit).map(Entry::invoice).toList();
    }

    /** Drafts that have been there since this instant or longer, at most so many, in order of their ids. */
    List<Invoice> draftsSince(Instant instant, int max) {
        return byId.entrySet().stream()
                .filter(entry -> entry.getValue().status() == InvoiceStatus.DRAFT
                        && !entry.getValue().changedAt().isAfter(instant))
                .sorted(Map.Entry.comparingByKey())
                .limit(max)
                .map(entry -> entry.getValue().invoice())
                .toList();
    }

    /** Whether there is an invoice of this period, in whatever status. */
    public boolean isClosed(String subscription, Period period) {
        return byPeriod.containsKey(new PeriodKey(subscription, period));
    }

    /** How many invoices a period has had that billed it whole: 1, and one more for each reissue; 0 while it is open. */
    public int attempts(String subscription, Period period) {
        return byPeriod.getOrDefault(new PeriodKey(subscription, period), 0);
    }

    /** Waits until an invoice is as wished; empty when it is not after {@code patience}. */
    public Optional<Invoice> await(String id, Predicate<Invoice> wish, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Invoice> invoice = invoice(id).filter(wish);
                if (invoice.isPresent() || left <= 0) {
                    return invoice;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the view is {@link #ready}; false when it is not after {@code patience}. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        return follower.awaitReady(patience);
    }

    @Override
    public void close() {
        follower.close();
    }

    private static Instant changedAt(Invoice invoice) {
        List<InvoiceChange> history = invoice.history();
        return history.isEmpty()
                ? invoice.period().end()
                : history.get(history.size() - 1).at();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null) { // deleted, which an invoice never is: what is not there is not shown
            if (record.key() != null) {
                byId.remove(record.key());
            }
            return;
        }
        Invoice invoice = TopicCodecs.INVOICES.decode(value);
        Entry entry = new Entry(
                invoice.id(),
                invoice.tenant(),
                invoice.subscription(),
                invoice.period(),
                YearMonth.from(invoice.firstDay()),
                invoice.status(),
                changedAt(invoice),
                invoice.sequence(),
                value);
        // When the topic is read again after an error, older states come once more.
        byId.merge(invoice.id(), entry, (before, now) -> now.sequence() >= before.sequence() ? now : before);
        byPeriod.merge(new PeriodKey(invoice.subscription(), invoice.period()), invoice.attempt(), Math::max);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

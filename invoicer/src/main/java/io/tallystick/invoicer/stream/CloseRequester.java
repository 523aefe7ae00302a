package io.tallystick.invoicer.stream;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.BillingCycle;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Asks in {@code billing.requests} that billing periods be closed: the one way for the operator's command and for the scheduler. */
public final class CloseRequester {

    /** The most periods that are asked for at once. */
    public static final int PERIODS_MAX = 100_000;

    /** For how long what is late is asked for, behind a subscription's end; a period's corrections are taken as long behind its close. */
    private static final Duration CORRECTION_HORIZON = Duration.ofDays(401);

    private final RequestWriter writer;
    private final UsageEnds usageEnds;
    private final InvoiceView invoices;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    /** The first open period of a subscription as it was agreed. */
    private record Open(BillingCycle cycle, Instant start, Period period) {}

    /** @param invoices says which periods are closed already */
    public CloseRequester(RequestWriter writer, UsageEnds usageEnds, InvoiceView invoices) {
        this.writer = writer;
        this.usageEnds = usageEnds;
        this.invoices = invoices;
    }

    /**
     * A period to close.
     *
     * @param invoice the id that its invoice will have
     */
    public record Closing(String tenant, String subscription, Period period, String invoice, Instant closesAt) {}

    /** Says that more periods are due than can be asked for at once. */
    public static final class TooManyPeriodsException extends Exception {
        private static final long serialVersionUID = 1L;

        TooManyPeriodsException() {
            super("more than " + PERIODS_MAX + " periods are due");
        }
    }

    /** The periods of these subscriptions that are not closed and end at {@code through} or before, in the order of their ends. */
    public List<Closing> due(Collection<Subscription> subscriptions, Instant through) throws TooManyPeriodsException {
        return due(subscriptions, subscription -> through);
    }

    /** As the other, with an instant of its own for each subscription. */
    List<Closing> due(Collection<Subscription> subscriptions, Function<Subscription, Instant> through)
            throws TooManyPeriodsException {
        List<Closing> due = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            BillingPeriods periods = BillingPeriods.of(subscription);
            Instant limit = through.apply(subscription);
            Period period = firstOpen(subscription, periods);
            while (periods.partOf(period).isPresent()) {
                Instant closesAt = periods.closesAt(period);
                if (closesAt.isAfter(limit)) {
                    break;
                }
                if (!invoices.isClosed(subscription.subscription(), period)) {
                    if (due.size() == PERIODS_MAX) {
                        throw new TooManyPeriodsException();
                    }
                    due.add(new Closing(
                            subscription.tenant(),
                            subscription.subscription(),
                            period,
                            periods.invoiceId(period),
                            closesAt));
                }
                period = periods.next(period);
            }
        }
        due.sort(Comparator.comparing(Closing::closesAt).thenComparing(Closing::subscription));
        return due;
    }

    /** The first period without an invoice. Periods stay closed, so what is in front of it need not be looked at again. */
    private Period firstOpen(Subscription subscription, BillingPeriods periods) {
        Open known = open.get(subscription.subscription());
        boolean isKnown = known != null
                && known.cycle().equals(subscription.period())
                && known.start().equals(subscription.start());
        Period period = isKnown && known != null ? known.period() : periods.first();
        while (invoices.isClosed(subscription.subscription(), period)) {
            period = periods.next(period);
        }
        open.put(subscription.subscription(), new Open(subscription.period(), subscription.start(), period));
        return period;
    }

    /**
     * Asks that what is late be booked of those of the subscriptions that were over at {@code through} and whose periods are all closed: no next invoice
     * would book it. Where nothing is late, nothing comes of it.
     *
     * @param now for people to read
     * @return for how many
     */
    public int requestAdjustments(
            Collection<Subscription> subscriptions, Instant through, Instant now, Duration patience)
            throws BrokersSilentException, InterruptedException {
        List<Subscription> over = subscriptions.stream()
                .filter(subscription -> lastClosed(subscription, through).isPresent())
                .toList();
        if (over.isEmpty()) {
            return 0;
        }
        List<Long> ends = usageEnds.now(patience);
        List<BillingRequest> requests = new ArrayList<>(over.size());
        for (Subscription subscription : over) {
            requests.add(new CloseRequested(
                    subscription.tenant(),
                    subscription.subscription(),
                    lastClosed(subscription, through).orElseThrow(),
                    PeriodClosed.ADJUSTMENTS,
                    ends,
                    now.toEpochMilli()));
        }
        writer.write(requests, patience);
        return over.size();
    }

    /** Asks that a period whose invoice was voided be billed anew, behind everything that stands on {@code usage.events} now. */
    public void requestReissue(Invoice voided, Instant now, Duration patience)
            throws BrokersSilentException, InterruptedException {
        CloseRequested request = new CloseRequested(
                voided.tenant(),
                voided.subscription(),
                voided.period(),
                voided.attempt() + 1,
                usageEnds.now(patience),
                now.toEpochMilli());
        writer.write(List.of(request), patience);
    }

    /** The last period of a subscription that is over, if that and all before it are closed and corrections of it are still taken. */
    private Optional<Period> lastClosed(Subscription subscription, Instant through) {
        Instant end = subscription.end();
        if (end == null || end.isAfter(through) || end.plus(CORRECTION_HORIZON).isBefore(through)) {
            return Optional.empty();
        }
        BillingPeriods periods = BillingPeriods.of(subscription);
        Period firstOpen = firstOpen(subscription, periods);
        if (periods.partOf(firstOpen).isPresent() || firstOpen.equals(periods.first())) {
            return Optional.empty();
        }
        return Optional.of(periods.previous(firstOpen));
    }

    /**
     * Asks for these closes, behind everything that stands on {@code usage.events} now.
     *
     * @param now for people to read
     */
    public void request(List<Closing> closings, Instant now, Duration patience)
            throws BrokersSilentException, InterruptedException {
        if (closings.isEmpty()) {
            return;
        }
        List<Long> ends = usageEnds.now(patience);
        List<BillingRequest> requests = new ArrayList<>(closings.size());
        for (Closing closing : closings) {
            requests.add(new CloseRequested(
                    closing.tenant(), closing.subscription(), closing.period(), 1, ends, now.toEpochMilli()));
        }
        writer.write(requests, patience);
    }
}

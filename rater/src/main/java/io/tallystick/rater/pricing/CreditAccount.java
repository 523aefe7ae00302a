package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One tenant's prepaid credit. Every balance is the sum of its events: what was granted, less what invoices used, and again what voided invoices gave
 * back. What happens is decided by one method and taken in by another, {@link #evolve}, which is all that a reader of the events needs.
 */
public final class CreditAccount {

    /** What can happen to a credit. */
    public enum Kind {
        GRANTED,
        CHANGED,
        USED,
        RETURNED
    }

    /**
     * Something that happened to a credit.
     *
     * @param sequence of the record of the tenant's log that it happened at
     * @param amount what it adds to the balance
     * @param invoice the one that was paid or voided; "" for a grant
     */
    public record Event(long sequence, Kind kind, String credit, BigDecimal amount, String invoice) {}

    /** A grant and what came of it. */
    public static final class Balance {
        private CreditGrant grant;
        private final long created;
        private final List<Event> events = new ArrayList<>();

        private Balance(CreditGrant grant, long created) {
            this.grant = grant;
            this.created = created;
        }

        public CreditGrant grant() {
            return grant;
        }

        /** The sum of the events. */
        public BigDecimal left() {
            return sum(Kind.values());
        }

        /** What invoices have used of it and not given back. */
        public BigDecimal used() {
            return sum(Kind.USED, Kind.RETURNED).negate();
        }

        public List<Event> events() {
            return Collections.unmodifiableList(events);
        }

        private BigDecimal granted() {
            return sum(Kind.GRANTED, Kind.CHANGED);
        }

        private BigDecimal sum(Kind... kinds) {
            List<Kind> counted = List.of(kinds);
            return events.stream()
                    .filter(event -> counted.contains(event.kind()))
                    .map(Event::amount)
                    .reduce(BigDecimal.ZERO.setScale(MinorUnits.of(grant.currency())), BigDecimal::add);
        }
    }

    /** What is used first: the lowest priority, then what expires first, then what was granted first. */
    private static final Comparator<Balance> ORDER = Comparator.<Balance>comparingInt(
                    balance -> balance.grant.priority())
            .thenComparing(balance -> expiry(balance.grant))
            .thenComparingLong(balance -> balance.created)
            .thenComparing(balance -> balance.grant.credit());

    private final SortedMap<String, Balance> balances = new TreeMap<>();

    /** In the order in which they are used. */
    public List<Balance> balances() {
        return balances.values().stream().sorted(ORDER).toList();
    }

    public boolean isEmpty() {
        return balances.isEmpty();
    }

    /** A grant stands as it says from here on, first or changed; never for less than has been used of it. */
    public List<Event> grant(CreditGrant grant, long sequence) {
        Balance balance = balances.get(grant.credit());
        BigDecimal amount = grant.amount().setScale(MinorUnits.of(grant.currency()));
        if (balance == null) {
            return List.of(new Event(sequence, Kind.GRANTED, grant.credit(), amount, ""));
        }
        BigDecimal difference = amount.max(balance.used()).subtract(balance.granted());
        return difference.signum() == 0
                ? List.of()
                : List.of(new Event(sequence, Kind.CHANGED, grant.credit(), difference, ""));
    }

    /**
     * The lines that pay an invoice, as far as there is credit for it; together never more than is due.
     *
     * @param due the sum of all other lines
     * @param pricingVersion of those
     */
    public List<LineItem> pay(
            String subscription, Period period, String currency, String pricingVersion, BigDecimal due) {
        List<LineItem> lines = new ArrayList<>();
        BigDecimal open = due;
        for (Balance balance : balances()) {
            BigDecimal amount = balance.left().min(open);
            if (balance.grant.pays(subscription, period, currency) && amount.signum() > 0) {
                lines.add(line(balance.grant, amount, pricingVersion, period));
                open = open.subtract(amount);
            }
        }
        return lines;
    }

    /** The invoice with these lines is closed. */
    public List<Event> use(Collection<LineItem> lines, String invoice, long sequence) {
        return lines.stream()
                .filter(LineItem::isPrepaid)
                .map(line -> new Event(sequence, Kind.USED, creditOf(line), line.amount(), invoice))
                .toList();
    }

    /** The invoice is voided: what it used and has not given back yet. */
    public List<Event> giveBack(String invoice, long sequence) {
        List<Event> events = new ArrayList<>();
        for (Balance balance : balances.values()) {
            BigDecimal used = balance.events.stream()
                    .filter(event -> event.invoice().equals(invoice))
                    .map(Event::amount)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            if (used.signum() < 0) {
                events.add(new Event(sequence, Kind.RETURNED, balance.grant.credit(), used.negate(), invoice));
            }
        }
        return events;
    }

    /** The grant as it stands, before the event that says so. */
    public void set(CreditGrant grant, long sequence) {
        Balance balance = balances.get(grant.credit());
        if (balance == null) {
            balances.put(grant.credit(), new Balance(grant, sequence));
        } else {
            balance.grant = grant;
        }
    }

    public void evolve(Event event) {
        Balance balance = balances.get(event.credit());
        if (balance == null) {
            throw new IllegalStateException("no credit " + event.credit());
        }
        balance.events.add(event);
    }

    private static Instant expiry(CreditGrant grant) {
        Instant expiresAt = grant.expiresAt();
        return expiresAt == null ? Instant.MAX : expiresAt;
    }

    private static String creditOf(LineItem line) {
        return line.line().substring(line.line().lastIndexOf('/') + 1);
    }

    private static LineItem line(CreditGrant grant, BigDecimal amount, String pricingVersion, Period period) {
        String words = grant.description().isBlank() ? grant.credit() : grant.description();
        return new LineItem(
                LineItem.Kind.CREDIT.text() + "/" + LineItem.PREPAID + "/" + grant.credit(),
                LineItem.Kind.CREDIT,
                LineItem.PREPAID,
                null,
                "Prepaid credit: " + words,
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                amount.negate(),
                Fraction.of(amount).negated(),
                pricingVersion,
                period,
                List.of(),
                null);
    }
}

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

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
        /** A voided invoice gives back what it used. */
        RETURNED,
        /** A bill became cheaper, and so it needs less. */
        CORRECTED
    }

    /**
     * Something that happened to a credit.
     *
     * @param sequence of the record of the tenant's log that it happened at
     * @param amount what it adds to the balance
     * @param invoice the one that was paid or voided, or the first one of the period that became cheaper; "" for a grant
     * @param of whose usage and fees it is about, which an invoice may carry corrections of: the id of that period's first invoice; "" for a grant
     */
    public record Event(long sequence, Kind kind, String credit, BigDecimal amount, String invoice, String of) {}

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
            return sum(Kind.USED, Kind.RETURNED, Kind.CORRECTED).negate();
        }

        public List<Event> events() {
            return Collections.unmodifiableList(events);
        }

        private BigDecimal granted() {
            return sum(Kind.GRANTED, Kind.CHANGED);
        }

        /** What a period's costs have used of it, on whatever invoice, and not given back. */
        private BigDecimal usedFor(String of) {
            return sum(event -> event.of().equals(of)).negate();
        }

        /** What an invoice has used of it for a period's costs, and not given back because it was voided. */
        private BigDecimal usedBy(String invoice, String of) {
            return sum(event -> event.kind() != Kind.CORRECTED
                            && event.invoice().equals(invoice)
                            && event.of().equals(of))
                    .negate();
        }

        /** What the bills of one period have used of it, whatever costs it paid, and not given back because they were voided. */
        private BigDecimal usedByBillsOf(String first) {
            return sum(event -> event.kind() != Kind.CORRECTED
                            && (event.invoice().equals(first) || event.invoice().startsWith(first + "-r")))
                    .negate();
        }

        private BigDecimal sum(Kind... kinds) {
            List<Kind> counted = List.of(kinds);
            return sum(event -> counted.contains(event.kind()));
        }

        private BigDecimal sum(Predicate<Event> counted) {
            return events.stream()
                    .filter(counted)
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
            return List.of(new Event(sequence, Kind.GRANTED, grant.credit(), amount, "", ""));
        }
        BigDecimal difference = amount.max(balance.used()).subtract(balance.granted());
        return difference.signum() == 0
                ? List.of()
                : List.of(new Event(sequence, Kind.CHANGED, grant.credit(), difference, "", ""));
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

    /**
     * The invoice with these lines is closed.
     *
     * @param costs what it asks for, by the first invoice of the period that this is of, its own first: in this order they count as paid
     */
    public List<Event> use(Collection<LineItem> lines, String invoice, Map<String, BigDecimal> costs, long sequence) {
        Map<String, BigDecimal> open = new LinkedHashMap<>(costs);
        List<Event> events = new ArrayList<>();
        for (LineItem line : lines) {
            if (!line.isPrepaid()) {
                continue;
            }
            BigDecimal left = line.amount().negate();
            for (Map.Entry<String, BigDecimal> cost : open.entrySet()) {
                BigDecimal part = cost.getValue().max(BigDecimal.ZERO).min(left);
                if (part.signum() > 0) {
                    events.add(new Event(sequence, Kind.USED, creditOf(line), part.negate(), invoice, cost.getKey()));
                    cost.setValue(cost.getValue().subtract(part));
                    left = left.subtract(part);
                }
            }
        }
        return events;
    }

    /** The invoice is voided: what it used, as far as it was not given back before. */
    public List<Event> giveBack(String invoice, long sequence) {
        List<Event> events = new ArrayList<>();
        for (Balance balance : balances.values()) {
            SortedSet<String> periods = new TreeSet<>();
            balance.events.forEach(event -> periods.add(event.of()));
            for (String of : periods) {
                BigDecimal used = balance.usedBy(invoice, of).min(balance.usedFor(of));
                if (used.signum() > 0) {
                    events.add(new Event(sequence, Kind.RETURNED, balance.grant.credit(), used, invoice, of));
                }
            }
        }
        return events;
    }

    /**
     * The lines that give back what a period needs no longer of what paid it: what was used last comes back first, and no more than was used.
     *
     * @param of the first invoice of the period
     * @param less by how much the period became cheaper
     */
    public List<LineItem> giveBackFor(String of, Period period, BigDecimal less, String pricingVersion) {
        List<Balance> used = new ArrayList<>(balances());
        Collections.reverse(used);
        List<LineItem> lines = new ArrayList<>();
        BigDecimal left = less;
        for (Balance balance : used) {
            BigDecimal amount = balance.usedFor(of).min(left);
            if (amount.signum() > 0) {
                lines.add(givenBack(balance.grant, amount, pricingVersion, period));
                left = left.subtract(amount);
            }
        }
        return lines;
    }

    /**
     * The lines with which a bill that is issued again takes its part in what was given back of its credit: what of it the bills of its period had used, and
     * their voids did not give back, because corrections had done so before. Those stand on other bills.
     *
     * @param of the first of these bills
     */
    public List<LineItem> settled(String of, Period period, String pricingVersion) {
        List<LineItem> lines = new ArrayList<>();
        for (Balance balance : balances()) {
            BigDecimal used = balance.usedByBillsOf(of);
            if (used.signum() != 0) {
                lines.add(givenBack(balance.grant, used.negate(), pricingVersion, period));
            }
        }
        return lines;
    }

    /** These lines, which gave back, are on no bill any more: the bill of their period that is issued again has taken it all in. */
    public List<Event> absorb(Collection<LineItem> lines, String of, long sequence) {
        List<Event> events = new ArrayList<>();
        for (LineItem line : lines) {
            String credit = creditOf(line);
            events.add(new Event(sequence, Kind.CORRECTED, credit, line.amount().negate(), of, of));
            events.add(new Event(sequence, Kind.RETURNED, credit, line.amount(), of, of));
        }
        return events;
    }

    /** These lines, which give back, are billed. */
    public List<Event> correct(Collection<LineItem> lines, String of, long sequence) {
        return lines.stream()
                .map(line -> new Event(sequence, Kind.CORRECTED, creditOf(line), line.amount(), of, of))
                .toList();
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
        return new LineItem(
                nameOf(grant),
                LineItem.Kind.CREDIT,
                LineItem.PREPAID,
                null,
                "Prepaid credit: " + wordsOf(grant),
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

    private static LineItem givenBack(CreditGrant grant, BigDecimal amount, String pricingVersion, Period period) {
        return new LineItem(
                LateAdjustments.nameOf(period, nameOf(grant)),
                LineItem.Kind.ADJUSTMENT,
                LineItem.PREPAID,
                null,
                (amount.signum() < 0 ? "More of prepaid credit: " : "Back to prepaid credit: ") + wordsOf(grant),
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                amount,
                Fraction.of(amount),
                pricingVersion,
                period,
                List.of(),
                new LineItem.Adjusts(period, nameOf(grant), pricingVersion));
    }

    private static String nameOf(CreditGrant grant) {
        return LineItem.Kind.CREDIT.text() + "/" + LineItem.PREPAID + "/" + grant.credit();
    }

    private static String wordsOf(CreditGrant grant) {
        return grant.description().isBlank() ? grant.credit() : grant.description();
    }
}

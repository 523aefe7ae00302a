package io.tallystick.invoicer.invoice;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.event.CreditNotes;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How draft invoices come about when a period closes. */
public final class InvoiceDrafting {

    private InvoiceDrafting() {}

    /** The id of the invoice that a close makes: reissues say which one they are. */
    public static String idOf(Subscription subscription, PeriodClosed closed) {
        return idOf(BillingPeriods.of(subscription).invoiceId(closed.period()), closed.attempt());
    }

    /**
     * The id of a period's n-th invoice.
     *
     * @param first the id of its first one
     */
    public static String idOf(String first, int attempt) {
        return attempt == 1 ? first : first + "-r" + attempt;
    }

    /**
     * The invoice whose place a reissue takes, as far as anybody was sent it: the newest one before it that had been finalized.
     *
     * @param known gives the invoice of an id, or null
     */
    public static Optional<Invoice> replaced(
            Invoice reissue, Subscription subscription, Function<String, @Nullable Invoice> known) {
        String first = BillingPeriods.of(subscription).invoiceId(reissue.period());
        for (int attempt = reissue.attempt() - 1; attempt > 0; attempt--) {
            @Nullable Invoice before = known.apply(idOf(first, attempt));
            if (before != null && wasFinalized(before)) {
                return Optional.of(before);
            }
        }
        return Optional.empty();
    }

    private static boolean wasFinalized(Invoice invoice) {
        return invoice.history().stream().anyMatch(change -> change.status() == InvoiceStatus.FINALIZED);
    }

    /**
     * What a closed period makes: its invoice, and behind it, where the subscription wants late usage on credit notes, one for each earlier period that
     * became cheaper. A marker for adjustments makes an invoice of them, if there are any.
     *
     * @param lines everything that was charged in the period, in any order
     * @param shadows likewise
     * @param revision the one that the close names
     * @param count how many invoices the tenant has
     * @param exists whether there is an invoice of this id
     */
    public static List<Invoice> drafts(
            PeriodClosed closed,
            Subscription subscription,
            List<LineItem> lines,
            List<Shadow> shadows,
            CatalogRevision revision,
            long count,
            Predicate<String> exists) {
        // A reissue takes the place of an invoice, with what that carried: its credit notes stand.
        boolean hasNotes = closed.attempt() <= 1 && subscription.lateUsage() == LateUsage.CREDIT_NOTE;
        Collection<List<LineItem>> credited = hasNotes ? CreditNotes.of(lines).values() : List.of();
        List<LineItem> invoiced = new ArrayList<>(lines);
        credited.forEach(invoiced::removeAll);
        Draft draft = new Draft(closed, subscription, revision);
        List<Invoice> drafts = new ArrayList<>();
        if (closed.attempt() != PeriodClosed.ADJUSTMENTS) {
            drafts.add(draft.of(idOf(subscription, closed), closed.period(), invoiced, shadows, count + 1));
        } else if (!invoiced.isEmpty()) {
            String id = free(BillingPeriods.of(subscription).invoiceId(closed.period()) + "-a", exists);
            drafts.add(draft.of(id, closed.period(), invoiced, List.of(), count + 1));
        }
        for (List<LineItem> note : credited) {
            Period period = correctedBy(note.get(0));
            String id = free(BillingPeriods.of(subscription).invoiceId(period) + "-c", exists);
            drafts.add(draft.of(id, period, note, List.of(), count + 1 + drafts.size()));
        }
        return drafts;
    }

    private static Period correctedBy(LineItem line) {
        LineItem.Adjusts adjusts = line.adjusts();
        if (adjusts == null) {
            throw new IllegalArgumentException("a line of a credit note that corrects nothing: " + line.line());
        }
        return adjusts.period();
    }

    private static String free(String prefix, Predicate<String> exists) {
        int number = 1;
        while (exists.test(prefix + number)) {
            number++;
        }
        return prefix + number;
    }

    /** What all drafts of one close have in common. */
    private record Draft(PeriodClosed closed, Subscription subscription, CatalogRevision revision) {

        Invoice of(String id, Period period, List<LineItem> lines, List<Shadow> shadows, long count) {
            Cut cut = closed.cut();
            if (cut == null) {
                throw new IllegalArgumentException("a close marker without its place in the log: " + closed);
            }
            BillingPeriods periods = BillingPeriods.of(subscription);
            String currency = currencyOf(subscription, revision.catalog());
            List<LineItem> shown = shown(lines);
            Invoice undigested = new Invoice(
                    id,
                    "INV-" + periods.month(period) + "-" + closed.tenant() + "-" + count,
                    closed.tenant(),
                    closed.shard(),
                    closed.subscription(),
                    period,
                    periods.firstDay(period),
                    closed.attempt(),
                    currency,
                    InvoiceStatus.DRAFT,
                    shown,
                    total(shown, currency),
                    shadows.stream()
                            .sorted(Comparator.comparing(Shadow::pricingVersion))
                            .toList(),
                    "",
                    revision.number(),
                    revision.hash(),
                    List.of(cut),
                    closed.sequence(),
                    "");
            return undigested.withDigest(InvoiceDigest.of(undigested));
        }
    }

    /** The lines of a finalized invoice, one by one, for those who read nothing else. */
    public static List<InvoiceLine> lineItems(Invoice invoice) {
        List<InvoiceLine> items = new ArrayList<>(invoice.lines().size());
        for (LineItem line : invoice.lines()) {
            items.add(new InvoiceLine(
                    invoice.tenant(),
                    invoice.shard(),
                    invoice.id(),
                    invoice.number(),
                    invoice.subscription(),
                    invoice.period(),
                    invoice.currency(),
                    items.size() + 1,
                    invoice.lines().size(),
                    line));
        }
        return items;
    }

    /** The currency of a subscription's plan, which is one and the same in all versions. */
    static String currencyOf(Subscription subscription, Catalog catalog) {
        return catalog.pricing().values().stream()
                .filter(version -> version.plan(subscription.plan()).isPresent())
                .map(PricingVersion::currency)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no pricing version has the plan " + subscription.plan()
                        + " of subscription " + subscription.subscription()));
    }

    // An open period shows charges that come to nothing; a bill leaves them out, save fees.
    private static List<LineItem> shown(List<LineItem> lines) {
        return lines.stream()
                .filter(line ->
                        line.kind() == LineItem.Kind.FEE || line.amount().signum() != 0 || !isZero(line.quantity()))
                .sorted(LineItem.INVOICE_ORDER)
                .toList();
    }

    private static boolean isZero(@Nullable BigDecimal quantity) {
        return quantity == null || quantity.signum() == 0;
    }

    private static BigDecimal total(List<LineItem> lines, String currency) {
        BigDecimal total = BigDecimal.ZERO.setScale(MinorUnits.of(currency));
        for (LineItem line : lines) {
            total = total.add(line.amount());
        }
        return total;
    }
}

package io.tallystick.invoicer.invoice;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.MinorUnits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a draft invoice comes about when a period closes. */
public final class InvoiceDrafting {

    private InvoiceDrafting() {}

    /** The id of the invoice that a close makes: reissues say which one they are. */
    public static String idOf(Subscription subscription, PeriodClosed closed) {
        String id = BillingPeriods.of(subscription).invoiceId(closed.period());
        return closed.attempt() == 1 ? id : id + "-r" + closed.attempt();
    }

    /**
     * The draft for a closed period.
     *
     * @param lines everything that was charged in the period, in any order
     * @param shadows likewise, of one currency with the lines
     * @param revision the one that the close names
     * @param count how many invoices the tenant has with this one
     */
    public static Invoice draft(
            PeriodClosed closed,
            Subscription subscription,
            List<LineItem> lines,
            List<Shadow> shadows,
            CatalogRevision revision,
            long count) {
        Cut cut = closed.cut();
        if (cut == null) {
            throw new IllegalArgumentException("a close marker without its place in the log: " + closed);
        }
        BillingPeriods periods = BillingPeriods.of(subscription);
        String currency = currencyOf(subscription, revision.catalog());
        List<LineItem> shown = shown(lines);
        Invoice undigested = new Invoice(
                idOf(subscription, closed),
                "INV-" + periods.month(closed.period()) + "-" + closed.tenant() + "-" + count,
                closed.tenant(),
                closed.shard(),
                closed.subscription(),
                closed.period(),
                periods.firstDay(closed.period()),
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

package io.tallystick.deploy.verify.proof;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import java.math.BigDecimal;
import java.util.List;

/** An invoice with one line changed, and its total with it. */
final class TamperedLines {

    private static final BigDecimal CENT = new BigDecimal("0.01");

    private TamperedLines() {}

    static LineItem withCentMore(LineItem line) {
        return new LineItem(
                line.line(),
                line.kind(),
                line.charge(),
                line.meter(),
                line.description(),
                line.dimensions(),
                line.metered(),
                line.quantity(),
                line.included(),
                line.billable(),
                line.unitPrice(),
                line.amount().add(CENT),
                line.exact(),
                line.pricingVersion(),
                line.period(),
                line.tiers(),
                line.adjusts());
    }

    static Invoice with(Invoice invoice, List<LineItem> lines) {
        return new Invoice(
                invoice.id(),
                invoice.number(),
                invoice.tenant(),
                invoice.shard(),
                invoice.subscription(),
                invoice.period(),
                invoice.firstDay(),
                invoice.attempt(),
                invoice.currency(),
                invoice.status(),
                lines,
                invoice.total().add(CENT),
                invoice.shadow(),
                "",
                invoice.revision(),
                invoice.catalogRevision(),
                invoice.cut(),
                invoice.sequence(),
                invoice.reason(),
                invoice.history());
    }
}

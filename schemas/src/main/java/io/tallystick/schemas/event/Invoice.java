package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * One invoice as it stands: a record of {@code billing.invoices}. What is billed is fixed by the close; only {@code status}, {@code sequence},
 * {@code reason} and {@code history} change later.
 *
 * @param id the subscription and the period's first day
 * @param number counts up per tenant in order of closing, without gaps
 * @param firstDay the date, in the subscription's zone, on which the period starts
 * @param attempt 1, and one more for each reissue
 * @param total the sum of the lines' amounts, at the currency's scale
 * @param shadow the same usage under other pricing versions, by version
 * @param digest {@link InvoiceDigest} of what is billed
 * @param revision of the catalogue that the period was closed under
 * @param catalogRevision that revision's hash
 * @param cut the prefixes of the log that the invoice is a function of: one for each partition the tenant lives in
 * @param sequence in the tenant's order, of the record that last changed the invoice
 * @param reason why it was last changed, in the words of whoever asked or reported; may be ""
 * @param history every change, the oldest first: the last one is {@code status}, {@code sequence} and {@code reason}
 */
public record Invoice(
        String id,
        String number,
        String tenant,
        int shard,
        String subscription,
        Period period,
        LocalDate firstDay,
        int attempt,
        String currency,
        InvoiceStatus status,
        List<LineItem> lines,
        BigDecimal total,
        List<Shadow> shadow,
        String digest,
        int revision,
        String catalogRevision,
        List<Cut> cut,
        long sequence,
        String reason,
        List<InvoiceChange> history) {

    public Invoice {
        lines = List.copyOf(lines);
        shadow = List.copyOf(shadow);
        cut = List.copyOf(cut);
        history = List.copyOf(history);
    }

    /** A bill that nothing has become of yet. */
    public Invoice(
            String id,
            String number,
            String tenant,
            int shard,
            String subscription,
            Period period,
            LocalDate firstDay,
            int attempt,
            String currency,
            InvoiceStatus status,
            List<LineItem> lines,
            BigDecimal total,
            List<Shadow> shadow,
            String digest,
            int revision,
            String catalogRevision,
            List<Cut> cut,
            long sequence,
            String reason) {
        this(
                id,
                number,
                tenant,
                shard,
                subscription,
                period,
                firstDay,
                attempt,
                currency,
                status,
                lines,
                total,
                shadow,
                digest,
                revision,
                catalogRevision,
                cut,
                sequence,
                reason,
                List.of());
    }

    /** The same bill behind a change. */
    public Invoice after(InvoiceChange change) {
        List<InvoiceChange> changes = new ArrayList<>(history);
        changes.add(change);
        return with(change.status(), digest, change.sequence(), change.reason(), changes);
    }

    /** The same bill with its digest. */
    public Invoice withDigest(String digest) {
        return with(status, digest, sequence, reason, history);
    }

    private Invoice with(
            InvoiceStatus status, String digest, long sequence, String reason, List<InvoiceChange> history) {
        return new Invoice(
                id,
                number,
                tenant,
                shard,
                subscription,
                period,
                firstDay,
                attempt,
                currency,
                status,
                lines,
                total,
                shadow,
                digest,
                revision,
                catalogRevision,
                cut,
                sequence,
                reason,
                history);
    }
}

package io.tallystick.invoicer.invoice;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceStatus;

/** What happened to one invoice. Applied in order, the events of an invoice are its state. */
public sealed interface InvoiceEvent {

    /** A period closed: the invoice is there, with its number, for review. */
    record Drafted(Invoice invoice) implements InvoiceEvent {}

    /**
     * The invoice went into another status.
     *
     * @param sequence in the tenant's order, of the record that caused it
     * @param reason in the operator's or the provider's words; may be ""
     */
    record StatusChanged(InvoiceStatus status, long sequence, String reason) implements InvoiceEvent {}
}

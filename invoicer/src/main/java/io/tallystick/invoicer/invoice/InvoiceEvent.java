package io.tallystick.invoicer.invoice;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;

/** What happened to one invoice. Applied in order, the events of an invoice are its state. */
public sealed interface InvoiceEvent {

    /** A period closed: the invoice is there, with its number, for review. */
    record Drafted(Invoice bill, InvoiceChange change) implements InvoiceEvent {}

    /** The invoice went into another status. */
    record StatusChanged(InvoiceChange change) implements InvoiceEvent {}
}

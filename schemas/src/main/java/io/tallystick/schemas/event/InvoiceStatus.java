package io.tallystick.schemas.event;

import java.util.Locale;

/** How far an invoice is. */
public enum InvoiceStatus {
    /** Closed and numbered, under review. */
    DRAFT,
    /** Issued: its lines never change again. */
    FINALIZED,
    PAID,
    PAYMENT_FAILED,
    /** Given up on; a payment may still come. */
    UNCOLLECTIBLE,
    /** Withdrawn; it keeps its number. */
    VOID;

    /** As JSON writes it: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

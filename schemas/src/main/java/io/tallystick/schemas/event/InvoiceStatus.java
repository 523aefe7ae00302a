package io.tallystick.schemas.event;

import io.tallystick.schemas.event.InvoiceCommand.Action;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * How far an invoice is.
 *
 * <pre>
 *   draft ─finalize─▶ finalized ─────▶ paid
 *     │                  │  ├────────▶ payment_failed ─▶ paid, uncollectible
 *     └─void─▶ void ◀────┘  └────────▶ uncollectible ──▶ paid
 * </pre>
 */
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

    /** The status that a command asks for. */
    public static InvoiceStatus after(Action action) {
        return switch (action) {
            case FINALIZE -> FINALIZED;
            case VOID -> VOID;
            case PAID -> PAID;
            case PAYMENT_FAILED -> PAYMENT_FAILED;
            case UNCOLLECTIBLE -> UNCOLLECTIBLE;
        };
    }

    /** Whether the command changes an invoice in this status. Whatever else is asked changes nothing. */
    public boolean allows(Action action) {
        return successors().contains(after(action));
    }

    private Set<InvoiceStatus> successors() {
        return switch (this) {
            case DRAFT -> EnumSet.of(FINALIZED, VOID);
            case FINALIZED -> EnumSet.of(PAID, PAYMENT_FAILED, UNCOLLECTIBLE, VOID);
            case PAYMENT_FAILED -> EnumSet.of(PAID, UNCOLLECTIBLE);
            case UNCOLLECTIBLE -> EnumSet.of(PAID);
            case PAID, VOID -> EnumSet.noneOf(InvoiceStatus.class);
        };
    }
}

package io.tallystick.invoicer.invoice;

import io.tallystick.invoicer.invoice.InvoiceEvent.Drafted;
import io.tallystick.invoicer.invoice.InvoiceEvent.StatusChanged;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of an invoice.
 *
 * <pre>
 *   (none) ─close─▶ draft ─finalize─▶ finalized ─────▶ paid
 *                     │                  │  ├────────▶ payment_failed ─▶ paid, uncollectible
 *                     └─void─▶ void ◀────┘  └────────▶ uncollectible ──▶ paid
 * </pre>
 *
 * <p>Whatever else is asked changes nothing: the log may hold a wish that was legal when it was made and is not any more.
 */
public final class InvoiceLifecycle {

    private InvoiceLifecycle() {}

    /** What a close does: the draft, unless this invoice is there already. */
    public static List<InvoiceEvent> decide(@Nullable Invoice state, Invoice draft) {
        return state == null ? List.of(new Drafted(draft)) : List.of();
    }

    /** What an operator's command does to an invoice. */
    public static List<InvoiceEvent> decide(@Nullable Invoice state, InvoiceCommand command) {
        if (state == null || !state.tenant().equals(command.tenant())) {
            return List.of();
        }
        return changed(state, target(command.action()), command.sequence(), command.reason());
    }

    /** What a payment provider's report does to an invoice. */
    public static List<InvoiceEvent> decide(Invoice state, InvoiceStatus reported, long sequence, String reason) {
        boolean payment = switch (reported) {
            case PAID, PAYMENT_FAILED, UNCOLLECTIBLE -> true;
            case DRAFT, FINALIZED, VOID -> false;
        };
        return payment ? changed(state, reported, sequence, reason) : List.of();
    }

    /** The state behind an event. */
    public static Invoice evolve(@Nullable Invoice state, InvoiceEvent event) {
        if (event instanceof Drafted drafted) {
            return drafted.invoice();
        }
        StatusChanged changed = (StatusChanged) event;
        if (state == null) {
            throw new IllegalStateException("a change of an invoice that is not there: " + changed);
        }
        return state.withStatus(changed.status(), changed.sequence(), changed.reason());
    }

    /** Whether the command would change an invoice in this status. */
    public static boolean allows(InvoiceStatus status, InvoiceCommand.Action action) {
        return successors(status).contains(target(action));
    }

    private static List<InvoiceEvent> changed(Invoice state, InvoiceStatus to, long sequence, String reason) {
        return successors(state.status()).contains(to) ? List.of(new StatusChanged(to, sequence, reason)) : List.of();
    }

    private static InvoiceStatus target(InvoiceCommand.Action action) {
        return switch (action) {
            case FINALIZE -> InvoiceStatus.FINALIZED;
            case VOID -> InvoiceStatus.VOID;
        };
    }

    private static Set<InvoiceStatus> successors(InvoiceStatus status) {
        return switch (status) {
            case DRAFT -> EnumSet.of(InvoiceStatus.FINALIZED, InvoiceStatus.VOID);
            case FINALIZED ->
                EnumSet.of(
                        InvoiceStatus.PAID,
                        InvoiceStatus.PAYMENT_FAILED,
                        InvoiceStatus.UNCOLLECTIBLE,
                        InvoiceStatus.VOID);
            case PAYMENT_FAILED -> EnumSet.of(InvoiceStatus.PAID, InvoiceStatus.UNCOLLECTIBLE);
            case UNCOLLECTIBLE -> EnumSet.of(InvoiceStatus.PAID);
            case PAID, VOID -> EnumSet.noneOf(InvoiceStatus.class);
        };
    }
}

package io.tallystick.invoicer.invoice;

import io.tallystick.invoicer.invoice.InvoiceEvent.Drafted;
import io.tallystick.invoicer.invoice.InvoiceEvent.StatusChanged;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of an invoice.
 *
 * <p>It begins with a close, as a draft; {@link InvoiceStatus} says what may follow what.
 *
 * <p>Whatever else is asked changes nothing: the log may hold a wish that was legal when it was made and is not any more.
 */
public final class InvoiceLifecycle {

    private InvoiceLifecycle() {}

    /**
     * What a close does: the draft, unless this invoice is there already.
     *
     * @param at the timestamp of the marker's record
     */
    public static List<InvoiceEvent> decide(@Nullable Invoice state, Invoice draft, Instant at) {
        return state == null
                ? List.of(new Drafted(draft, new InvoiceChange(InvoiceStatus.DRAFT, at, draft.sequence(), "")))
                : List.of();
    }

    /**
     * What a command, or the report of a payment, does to an invoice.
     *
     * @param at the timestamp of the command's record
     */
    public static List<InvoiceEvent> decide(@Nullable Invoice state, InvoiceCommand command, Instant at) {
        if (state == null
                || !state.tenant().equals(command.tenant())
                || !state.status().allows(command.action())) {
            return List.of();
        }
        return List.of(new StatusChanged(
                new InvoiceChange(InvoiceStatus.after(command.action()), at, command.sequence(), command.reason())));
    }

    /** The state behind an event. */
    public static Invoice evolve(@Nullable Invoice state, InvoiceEvent event) {
        if (event instanceof Drafted drafted) {
            return drafted.bill().after(drafted.change());
        }
        StatusChanged changed = (StatusChanged) event;
        if (state == null) {
            throw new IllegalStateException("a change of an invoice that is not there: " + changed);
        }
        return state.after(changed.change());
    }
}

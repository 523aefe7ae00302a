package io.tallystick.schemas.event;

/**
 * What an operator asked of one invoice, in band.
 *
 * @param revision of the catalogue in force
 * @param invoice its id
 * @param reason in the operator's words; may be ""
 */
public record InvoiceCommand(
        String tenant, int shard, long sequence, int revision, String invoice, Action action, String reason)
        implements Control {

    public enum Action {
        FINALIZE,
        VOID
    }
}

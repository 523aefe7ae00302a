package io.tallystick.schemas.event;

/**
 * What was asked, or reported, of one invoice, in band.
 *
 * @param revision of the catalogue in force
 * @param invoice its id
 * @param reason in the words of whoever asked or reported; may be ""
 */
public record InvoiceCommand(
        String tenant, int shard, long sequence, int revision, String invoice, Action action, String reason)
        implements Control {

    /** What shall become of the invoice, or what its payment came to. */
    public enum Action {
        FINALIZE,
        VOID,
        PAID,
        PAYMENT_FAILED,
        UNCOLLECTIBLE
    }
}

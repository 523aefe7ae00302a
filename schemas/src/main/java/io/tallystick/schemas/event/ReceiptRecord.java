package io.tallystick.schemas.event;

/** A record of {@code billing.receipts}. */
public sealed interface ReceiptRecord permits Receipt, ProviderEvent {

    /** The tenant whose partition it goes to; "" where it is not known. */
    String tenant();
}

package io.tallystick.invoicer.provider;

import io.tallystick.schemas.event.Receipt;

/** Keeps receipts for ever. */
@FunctionalInterface
public interface ReceiptWriter {

    /** Returns when the receipt is safe; throws a RuntimeException when it may not be. */
    void write(Receipt receipt) throws InterruptedException;
}

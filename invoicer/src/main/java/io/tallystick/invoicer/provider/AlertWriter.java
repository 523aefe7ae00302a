package io.tallystick.invoicer.provider;

import io.tallystick.schemas.event.Alert;

/** Tells people. */
@FunctionalInterface
public interface AlertWriter {

    /** Returns when the alert is safe; throws a RuntimeException when it may not be. */
    void write(Alert alert) throws InterruptedException;
}

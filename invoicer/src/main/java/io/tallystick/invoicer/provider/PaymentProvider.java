package io.tallystick.invoicer.provider;

import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.Outcome;
import java.math.BigDecimal;

/** A payment provider, as the worker sees it. */
public interface PaymentProvider {

    /** Under which name the requests that {@link #send} makes for this step are limited. */
    default String limit(DeliveryState state) {
        return state.delivery().provider();
    }

    /** Sends the state's next step, with its identity. */
    Outcome send(DeliveryState state) throws InterruptedException;

    /**
     * Looks up whether the state's next step was done: Done, Absent, or Unknown while it cannot be told. Sends nothing.
     *
     * @param deliveredBefore of the same customer, meter and hour, for usage
     */
    Outcome look(DeliveryState state, BigDecimal deliveredBefore) throws InterruptedException;
}

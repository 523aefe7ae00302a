package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** What a person is told of deliveries that did not get where they should. */
public final class DeliveryAlerts {

    private static final Duration AROUND = Duration.ofHours(1);

    private DeliveryAlerts() {}

    /**
     * That Stripe could not use meter events which it had taken. It names only samples of them.
     *
     * @param count 0 where it is not known
     */
    public static Alert meterErrors(String type, String event, long count, String summary, Instant at) {
        return new Alert(
                "",
                Alert.Kind.DELIVERY_FAILED,
                "",
                new Period(at.minus(AROUND), at),
                null,
                Dimensions.NONE,
                at,
                null,
                BigDecimal.ZERO,
                BigDecimal.valueOf(count),
                type + " " + event
                        + ": Stripe could not use meter events that it had taken; run `reconcile stripe` to see"
                        + " which hours. " + summary);
    }

    /**
     * That what a provider reports of an invoice's payment cannot be taken.
     *
     * @param report in the provider's words
     */
    public static Alert payment(Delivery delivery, String report, String why, Instant at) {
        return new Alert(
                delivery.tenant(),
                Alert.Kind.DELIVERY_FAILED,
                delivery.subscription(),
                delivery.period(),
                null,
                Dimensions.NONE,
                at,
                null,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                "invoice " + delivery.invoice() + " is not counted as paid by " + report + " for " + delivery.customer()
                        + ": " + why);
    }

    /**
     * That a delivery failed. It says what must be billed by hand unless the cause is mended.
     *
     * @param reason with the provider's word for it in front, where there is one
     */
    public static Alert failed(Delivery delivery, String reason, Instant at) {
        boolean isUsage = delivery.invoice().isEmpty();
        String what = isUsage
                ? delivery.expected().toPlainString() + " of " + delivery.meter() + " in the hour from "
                        + delivery.period().start()
                : "invoice " + delivery.invoice();
        return new Alert(
                delivery.tenant(),
                Alert.Kind.DELIVERY_FAILED,
                delivery.subscription(),
                delivery.period(),
                isUsage ? delivery.meter() : null,
                Dimensions.NONE,
                at,
                null,
                BigDecimal.ZERO,
                isUsage ? delivery.expected() : BigDecimal.ZERO,
                what + " is not delivered to " + delivery.provider() + " for " + delivery.customer() + ": " + reason);
    }
}

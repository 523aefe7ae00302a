package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.event.InvoiceCommand.Action;
import java.util.Optional;

/** What a provider's events say of the payment of an invoice. */
public final class PaymentReport {

    private PaymentReport() {}

    /** What the payment came to; empty for events that say nothing of it. */
    public static Optional<Action> of(String provider, String type) {
        return switch (provider + " " + type) {
            case "stripe invoice.paid", "paystack charge.success", "paystack paymentrequest.success" ->
                Optional.of(Action.PAID);
            case "stripe invoice.payment_failed", "paystack charge.failed" -> Optional.of(Action.PAYMENT_FAILED);
            case "stripe invoice.marked_uncollectible" -> Optional.of(Action.UNCOLLECTIBLE);
            default -> Optional.empty();
        };
    }
}

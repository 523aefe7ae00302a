package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.event.InvoiceCommand.Action;
import java.util.Map;
import java.util.Optional;

/** What a provider's webhook says of an invoice's payment. */
public final class PaymentReports {

    private static final Map<String, Action> STRIPE = Map.of(
            "invoice.paid", Action.PAID,
            "invoice.payment_failed", Action.PAYMENT_FAILED,
            "invoice.marked_uncollectible", Action.UNCOLLECTIBLE);

    private static final Map<String, Action> PAYSTACK = Map.of(
            "charge.success", Action.PAID,
            "paymentrequest.success", Action.PAID,
            "charge.failed", Action.PAYMENT_FAILED);

    private PaymentReports() {}

    /**
     * Empty for events that say nothing of a payment.
     *
     * @param type in the provider's words
     */
    public static Optional<Action> of(String provider, String type) {
        return Optional.ofNullable((provider.equals("paystack") ? PAYSTACK : STRIPE).get(type));
    }

    /**
     * Whether what is reported of was made by this delivery although its receipt has not come yet: the report may be faster.
     *
     * @param object a charge's reference
     * @param ledgerInvoice what the object says whose it is, or ""
     * @param customer whom the object belongs to, or ""
     */
    public static boolean concerns(DeliveryState state, String object, String ledgerInvoice, String customer) {
        boolean isNamed = !ledgerInvoice.isEmpty()
                && state.delivery().invoice().equals(ledgerInvoice)
                && state.delivery().customer().equals(customer);
        return state.delivery().after().isEmpty()
                && (isNamed
                        || state.delivery().steps().stream()
                                .anyMatch(step ->
                                        !object.isEmpty() && step.identity().equals(object)));
    }
}

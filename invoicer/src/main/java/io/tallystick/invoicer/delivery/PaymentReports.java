package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * What a report says was paid.
     *
     * @param amount in the provider's smallest unit; null where it is not said
     * @param currency or ""
     * @param live whether it was real money; null where it is not said
     */
    public record Paid(
            @Nullable BigDecimal amount,
            String currency,
            @Nullable Boolean live) {
        private String text() {
            return amount == null ? "no amount" : amount.toPlainString() + " " + currency;
        }
    }

    /**
     * What speaks against counting an invoice as paid: that something else was paid than the ledger asked for.
     *
     * @param live whether real money is asked for here
     */
    public static Optional<String> contradiction(Delivery delivery, Paid paid, boolean live) {
        boolean isSame = paid.amount() != null
                && paid.amount().compareTo(delivery.expected()) == 0
                && paid.currency().equalsIgnoreCase(delivery.currency());
        if (!isSame) {
            return Optional.of(paid.text() + " was paid there, and the ledger asks for "
                    + delivery.expected().toPlainString() + " " + delivery.currency() + " (in the smallest unit)");
        }
        return paid.live() == null || paid.live() == live
                ? Optional.empty()
                : Optional.of("it was paid with "
                        + (live
                                ? "a test key's money, and this is a live service"
                                : "real money, and this service has a test key"));
    }

    /**
     * Whether what is reported of was made by this delivery although its receipt has not come yet: the report may be faster. What is known to have made
     * another object is not meant, whatever a copy of that says.
     *
     * @param object the provider's id of it, or a charge's reference
     * @param ledgerInvoice what the object says whose it is, or ""
     * @param customer whom the object belongs to, or ""
     */
    public static boolean concerns(DeliveryState state, String object, String ledgerInvoice, String customer) {
        boolean isNamed = !ledgerInvoice.isEmpty()
                && (state.object().isEmpty() || state.object().equals(object))
                && state.delivery().invoice().equals(ledgerInvoice)
                && state.delivery().customer().equals(customer);
        return !InvoiceDeliveries.isWithdrawal(state.delivery())
                && (isNamed
                        || state.delivery().steps().stream()
                                .anyMatch(step ->
                                        !object.isEmpty() && step.identity().equals(object)));
    }
}

package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;

/**
 * Something that must go to a payment provider exactly once: a record of {@code billing.deliveries}. It is written in the transaction that decides it,
 * and everything that will be sent is frozen in it.
 *
 * @param id its name, derived from what it delivers and from nothing else
 * @param provider {@code stripe} or {@code paystack}
 * @param mode how the provider is used, as the catalogue writes it
 * @param customer the provider's name of the one who pays
 * @param meter whose order it keeps beside the customer's; "" for invoices
 * @param invoice the id of the invoice, or "" for usage
 * @param period what it is for: the billing period, or the hour
 * @param currency of {@code expected}, or "" for usage
 * @param expected what the provider will show when it is delivered: an amount in the provider's smallest unit, or a quantity
 * @param steps the requests, in their order; each may use what an earlier one was answered
 * @param after the delivery that must be over first: the one whose object a withdrawal takes back or, for an invoice that takes the place of another, the
 *     withdrawal of that one; or ""
 * @param refusal why it cannot be delivered at all, or ""
 */
public record Delivery(
        String id,
        String tenant,
        String subscription,
        String provider,
        String mode,
        String customer,
        String meter,
        String invoice,
        Period period,
        String currency,
        BigDecimal expected,
        List<Step> steps,
        String after,
        String refusal) {

    /** Stands in a step's path or body for the id that the provider gave to the delivery's object. */
    public static final String OBJECT = "{object}";

    /** Stands in a step's body for the step's identity, where the provider takes it there. */
    public static final String IDENTITY = "{identity}";

    public Delivery {
        steps = List.copyOf(steps);
    }

    /**
     * One request.
     *
     * @param path behind the provider's address
     * @param body frozen; "" where there is none
     * @param identity what tells the provider that it was asked before
     */
    public record Step(Action action, String path, String body, String identity) {}

    /** What a step does, and so how it is looked up whether it was done. */
    public enum Action {
        CREATE_INVOICE,
        ADD_ITEM,
        /** Reads the invoice back; it goes no further unless the amounts are the ledger's. */
        COMPARE,
        FINALIZE,
        VOID,
        METER_EVENT,
        USAGE_RECORD,
        PAYMENT_REQUEST,
        CHARGE
    }
}

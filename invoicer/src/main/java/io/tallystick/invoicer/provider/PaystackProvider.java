package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import io.tallystick.schemas.event.Delivery;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Paystack: a payment request for a customer, or the charge of an authorization. Neither is remembered by a key, so an attempt without an answer is looked
 * up before there is another.
 */
public final class PaystackProvider implements PaymentProvider {

    /** How payment requests are called; everything else is the reference of a charge. */
    static final String REQUEST_PREFIX = "PRQ_";

    private static final String INVOICE_PAID = "invoice_paid";

    private final PaystackApi api;

    public PaystackProvider(PaystackApi api) {
        this.api = api;
    }

    @Override
    public Outcome send(DeliveryState state) throws InterruptedException {
        return switch (state.next().action()) {
            case PAYMENT_REQUEST -> request(state);
            case CHARGE -> charge(state);
            case VOID -> archive(state);
            case CREATE_INVOICE, ADD_ITEM, COMPARE, FINALIZE, METER_EVENT, USAGE_RECORD -> throw foreign(state);
        };
    }

    @Override
    public Outcome look(DeliveryState state, BigDecimal deliveredBefore) throws InterruptedException {
        return switch (state.next().action()) {
            case PAYMENT_REQUEST -> lookForRequest(state);
            case CHARGE -> verify(state);
            case VOID -> new Outcome.Absent("archiving twice is archiving once");
            case CREATE_INVOICE, ADD_ITEM, COMPARE, FINALIZE, METER_EVENT, USAGE_RECORD -> throw foreign(state);
        };
    }

    private Outcome request(DeliveryState state) throws InterruptedException {
        Reply reply = api.post(state.path(), state.body());
        return isTaken(reply) ? requested(state, reply.body().path("data"), "") : failure(reply);
    }

    private Outcome lookForRequest(DeliveryState state) throws InterruptedException {
        Delivery delivery = state.delivery();
        List<JsonNode> found = new ArrayList<>();
        try {
            api.eachRequest(one -> {
                if (one.path("description").asText().equals(delivery.id())) {
                    found.add(one);
                }
            });
        } catch (UnreadListException e) {
            return unread(e.reply());
        }
        return found.isEmpty()
                ? new Outcome.Absent("no payment request is described as " + delivery.id())
                : requested(state, found.get(0), "found");
    }

    private static Outcome requested(DeliveryState state, JsonNode request, String detail) {
        String code = request.path("request_code").asText("");
        return mismatch(state.delivery(), request, code, 200, new Outcome.Done(200, code, detail));
    }

    private Outcome charge(DeliveryState state) throws InterruptedException {
        Reply reply = api.post(state.path(), state.body());
        if (isTaken(reply)) {
            return charged(state, reply);
        }
        boolean isKnown = reply.status() == 400
                && reply.text("/message").toLowerCase(Locale.ROOT).contains("duplicate transaction reference");
        return isKnown ? verify(state) : failure(reply);
    }

    private Outcome verify(DeliveryState state) throws InterruptedException {
        Reply reply = api.verify(state.identity());
        if (isTaken(reply)) {
            return charged(state, reply);
        }
        boolean isUnknownThere = reply.status() == 404
                || (reply.status() == 400
                        && reply.text("/message").toLowerCase(Locale.ROOT).contains("not found"));
        return isUnknownThere ? new Outcome.Absent("Paystack knows no reference " + state.identity()) : unread(reply);
    }

    /** An answer of 200 is no payment: the transaction says what it is. */
    private static Outcome charged(DeliveryState state, Reply reply) {
        JsonNode transaction = reply.body().path("data");
        String status = transaction.path("status").asText("");
        return switch (status) {
            case "success" ->
                mismatch(
                        state.delivery(),
                        transaction,
                        state.identity(),
                        reply.status(),
                        new Outcome.Done(reply.status(), state.identity(), ""));
            case "failed", "abandoned", "reversed" ->
                new Outcome.Rejected(
                        reply.status(),
                        "charge_" + status,
                        transaction.path("gateway_response").asText("the charge did not go through"));
            default -> new Outcome.Unknown(reply.status(), "charge_" + status, "the charge is under way", 0);
        };
    }

    /** A request that nobody has paid is archived. What was paid only a person can give back; a charge says so itself once that is done. */
    private Outcome archive(DeliveryState state) throws InterruptedException {
        if (state.object().isEmpty()) {
            return new Outcome.Done(0, "", "nothing was made at Paystack");
        }
        if (!state.object().startsWith(REQUEST_PREFIX)) {
            Reply reply = api.verify(state.object());
            if (!isTaken(reply)) {
                return unread(reply);
            }
            return reply.text("/data/status").equals("reversed")
                    ? new Outcome.Done(reply.status(), "", "it was refunded")
                    : new Outcome.Rejected(
                            0,
                            INVOICE_PAID,
                            state.object() + " is charged at Paystack; refund it there, then retry this");
        }
        boolean[] isPaid = {false};
        try {
            api.eachRequest(
                    one -> isPaid[0] |= one.path("request_code").asText().equals(state.object()) && isPaid(one));
        } catch (UnreadListException e) {
            return unread(e.reply());
        }
        if (isPaid[0]) {
            return new Outcome.Rejected(0, INVOICE_PAID, state.object() + " is paid at Paystack; refund it there");
        }
        Reply reply = api.post(state.path(), "");
        return isTaken(reply) ? new Outcome.Done(reply.status(), "", "") : failure(reply);
    }

    private static boolean isPaid(JsonNode request) {
        return request.path("paid").asBoolean()
                || request.path("status").asText("").equals("success");
    }

    private static Outcome mismatch(Delivery delivery, JsonNode there, String name, int status, Outcome otherwise) {
        BigDecimal amount = there.path("amount").decimalValue();
        String currency = there.path("currency").asText("");
        return amount.compareTo(delivery.expected()) == 0 && currency.equals(delivery.currency())
                ? otherwise
                : new Outcome.Rejected(
                        status,
                        "amounts_differ",
                        name + " at Paystack comes to " + amount.toPlainString() + " " + currency
                                + " in its smallest unit, the ledger's invoice to "
                                + delivery.expected().toPlainString() + " " + delivery.currency());
    }

    static boolean isTaken(Reply reply) {
        return reply.isSuccess() && reply.body().path("status").asBoolean();
    }

    private static Outcome failure(Reply reply) {
        String message = reply.status() == 0 ? reply.problem() : reply.text("/message");
        String code = reply.text("/code");
        if (reply.status() == 401 || reply.status() == 403) {
            return new Outcome.Locked(reply.status(), message);
        }
        if (reply.status() == 0 || reply.status() >= 500) {
            return new Outcome.Unknown(reply.status(), code, message, reply.retryAfterMs());
        }
        if (reply.status() == 429) {
            return new Outcome.Later(reply.status(), code, message, reply.retryAfterMs());
        }
        return new Outcome.Rejected(reply.status(), code, message);
    }

    private static Outcome unread(Reply reply) {
        if (reply.status() == 401 || reply.status() == 403) {
            return new Outcome.Locked(reply.status(), reply.text("/message"));
        }
        return new Outcome.Unknown(reply.status(), "", "it cannot be looked up now", reply.retryAfterMs());
    }

    private static IllegalStateException foreign(DeliveryState state) {
        return new IllegalStateException("not a step of Paystack's: " + state.next());
    }
}

package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.FormBody;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import io.tallystick.schemas.event.Delivery;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Takes back an invoice at Stripe, however far it has come there, so that the customer owes what they would owe without it. A draft is deleted and an open
 * invoice voided. One that counts as paid can be neither: what was asked becomes the customer's credit by a credit note, and what was credited, which Stripe
 * does at once with a negative total, is taken off their balance again.
 *
 * <p>It looks before each act, so that acting again does nothing.
 */
final class StripeWithdrawal {

    private final StripeApi api;

    StripeWithdrawal(StripeApi api) {
        this.api = api;
    }

    Outcome send(DeliveryState state) throws InterruptedException {
        if (state.object().isEmpty()) {
            return new Outcome.Done(0, "", "nothing was made at Stripe");
        }
        Reply reply = api.get("/v1/invoices/" + state.object());
        if (reply.status() == 404) {
            return new Outcome.Done(404, "", "the draft is gone");
        }
        if (!reply.isSuccess()) {
            return outcome(state, reply);
        }
        return switch (reply.text("/status")) {
            case "void" -> new Outcome.Done(reply.status(), "", "");
            case "draft" -> outcome(state, api.delete("/v1/invoices/" + state.object()));
            case "paid" -> settle(state, reply.body());
            default -> voidOpen(state);
        };
    }

    private Outcome voidOpen(DeliveryState state) throws InterruptedException {
        Outcome outcome = outcome(state, api.post(state.path(), state.body(), state.key(), StripeApi.VERSION));
        if (outcome instanceof Outcome.Rejected) { // it may have been paid a moment ago
            Reply now = api.get("/v1/invoices/" + state.object());
            if (now.isSuccess() && now.text("/status").equals("paid")) {
                return settle(state, now.body());
            }
        }
        return outcome;
    }

    private Outcome settle(DeliveryState state, JsonNode invoice) throws InterruptedException {
        BigDecimal open = standing(invoice);
        return switch (open.signum()) {
            case 0 -> new Outcome.Done(200, "", "nothing of it stands");
            case 1 -> credit(state, open);
            default -> debit(state, invoice, open.negate());
        };
    }

    /** What of a paid invoice is not taken back by credit notes; of a negative one, its total. */
    static BigDecimal standing(JsonNode invoice) {
        return invoice.path("total")
                .decimalValue()
                .subtract(invoice.path("pre_payment_credit_notes_amount").decimalValue())
                .subtract(invoice.path("post_payment_credit_notes_amount").decimalValue());
    }

    private Outcome credit(DeliveryState state, BigDecimal amount) throws InterruptedException {
        String body = new FormBody()
                .put("invoice", state.object())
                .put("amount", amount.toPlainString())
                .put("credit_amount", amount.toPlainString())
                .put("memo", "Withdrawn: " + state.delivery().invoice())
                .put(metadata(), state.delivery().invoice())
                .toString();
        return done(
                outcome(state, api.post("/v1/credit_notes", body, state.key() + ":credit", StripeApi.VERSION)),
                "it was paid: " + amount.toPlainString() + " is the customer's credit now");
    }

    private Outcome debit(DeliveryState state, JsonNode invoice, BigDecimal amount) throws InterruptedException {
        Delivery delivery = state.delivery();
        String path = balanceOf(delivery.customer());
        try {
            if (takenBack(api, delivery.customer(), delivery.invoice()).signum() != 0) {
                return new Outcome.Done(200, "", "the credit was taken back before");
            }
        } catch (UnreadListException e) {
            return StripeProvider.unread(e.reply());
        }
        String body = new FormBody()
                .put("amount", amount.toPlainString())
                .put("currency", invoice.path("currency").asText())
                .put("description", "Withdrawn: " + delivery.invoice())
                .put(metadata(), delivery.invoice())
                .toString();
        return done(
                outcome(state, api.post(path, body, state.key() + ":balance", StripeApi.VERSION)),
                "its credit of " + amount.toPlainString() + " is taken off the customer's balance");
    }

    /** What was taken off a customer's balance for an invoice that had been credited to it. */
    static BigDecimal takenBack(StripeApi api, String customer, String invoice)
            throws UnreadListException, InterruptedException {
        BigDecimal[] sum = {BigDecimal.ZERO};
        api.each(balanceOf(customer), Map.of(), one -> {
            if (one.path("metadata")
                    .path(InvoiceDeliveries.LEDGER_INVOICE)
                    .asText()
                    .equals(invoice)) {
                sum[0] = sum[0].add(one.path("amount").decimalValue());
            }
        });
        return sum[0];
    }

    private static String balanceOf(String customer) {
        return "/v1/customers/" + customer + "/balance_transactions";
    }

    private static String metadata() {
        return "metadata[" + InvoiceDeliveries.LEDGER_INVOICE + "]";
    }

    private static Outcome done(Outcome outcome, String detail) {
        return outcome instanceof Outcome.Done done ? new Outcome.Done(done.status(), "", detail) : outcome;
    }

    private static Outcome outcome(DeliveryState state, Reply reply) {
        return StripeAnswers.outcome(state.next().action(), reply);
    }
}

package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import io.tallystick.schemas.event.Delivery;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stripe. */
public final class StripeProvider implements PaymentProvider {

    private static final Pattern ITEM =
            Pattern.compile(Pattern.quote("metadata[" + InvoiceDeliveries.LEDGER_ITEM + "]=") + "([0-9]+)");

    /** Clocks differ. */
    private static final Duration EARLIER = Duration.ofHours(1);

    /** The name of the stream's limit. */
    static final String STREAM = "stripe-stream";

    private final StripeApi api;
    private final StripeMeters meters;
    private final StripeWithdrawal withdrawal;
    private final @Nullable StripeMeterStream stream;

    /** @param stream takes the meter events; null where they go one by one */
    StripeProvider(StripeApi api, @Nullable StripeMeterStream stream) {
        this.api = api;
        this.meters = new StripeMeters(api);
        this.withdrawal = new StripeWithdrawal(api);
        this.stream = stream;
    }

    @Override
    public String limit(DeliveryState state) {
        return isStreamed(state) ? STREAM : PaymentProvider.super.limit(state);
    }

    private boolean isStreamed(DeliveryState state) {
        return stream != null && state.next().action() == Delivery.Action.METER_EVENT;
    }

    @Override
    public Outcome send(DeliveryState state) throws InterruptedException {
        return switch (state.next().action()) {
            case CREATE_INVOICE, ADD_ITEM, METER_EVENT -> post(state, StripeApi.VERSION);
            case USAGE_RECORD -> post(state, StripeApi.LEGACY_VERSION);
            case COMPARE -> compare(state);
            case FINALIZE -> finalizeInvoice(state);
            case VOID -> withdrawal.send(state);
            case PAYMENT_REQUEST, CHARGE -> throw new IllegalStateException("not a step of Stripe's: " + state.next());
        };
    }

    @Override
    public Outcome look(DeliveryState state, BigDecimal deliveredBefore) throws InterruptedException {
        return switch (state.next().action()) {
            case CREATE_INVOICE -> lookForInvoice(state);
            case ADD_ITEM -> lookForItem(state);
            case FINALIZE -> lookWhetherFinalized(state);
            case METER_EVENT -> meters.look(state.delivery(), deliveredBefore);
            case USAGE_RECORD -> new Outcome.Absent("setting a value twice is setting it once");
            case VOID, COMPARE -> new Outcome.Absent("it looks before it acts");
            case PAYMENT_REQUEST, CHARGE -> throw new IllegalStateException("not a step of Stripe's: " + state.next());
        };
    }

    private Outcome post(DeliveryState state, String version) throws InterruptedException {
        Reply reply = stream != null && isStreamed(state)
                ? stream.send(state.body())
                : api.post(state.path(), state.body(), state.key(), version);
        return StripeAnswers.outcome(state.next().action(), reply);
    }

    /** Goes on only when Stripe will ask for exactly what the ledger says. */
    private Outcome compare(DeliveryState state) throws InterruptedException {
        Reply reply = api.get(state.path());
        if (!reply.isSuccess()) {
            return StripeAnswers.outcome(state.next().action(), reply);
        }
        Delivery delivery = state.delivery();
        BigDecimal total = reply.body().path("total").decimalValue();
        String currency = reply.text("/currency").toUpperCase(Locale.ROOT);
        if (total.compareTo(delivery.expected()) != 0 || !currency.equals(delivery.currency())) {
            return new Outcome.Rejected(
                    reply.status(),
                    "amounts_differ",
                    "Stripe's draft " + state.object() + " comes to " + total.toPlainString() + " " + currency
                            + " in its smallest unit, the ledger's invoice to "
                            + delivery.expected().toPlainString() + " " + delivery.currency()
                            + "; it is not finalized");
        }
        return new Outcome.Done(reply.status(), "", "");
    }

    private Outcome finalizeInvoice(DeliveryState state) throws InterruptedException {
        Outcome outcome = post(state, StripeApi.VERSION);
        if (outcome instanceof Outcome.Rejected && lookWhetherFinalized(state) instanceof Outcome.Done done) {
            return done; // by somebody else, or by us under another identity
        }
        return outcome;
    }

    private Outcome lookForInvoice(DeliveryState state) throws InterruptedException {
        Delivery delivery = state.delivery();
        Instant since = Objects.requireNonNullElse(state.firstAttemptAt(), Instant.EPOCH);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("customer", delivery.customer());
        query.put("created[gte]", Long.toString(Math.max(0, since.minus(EARLIER).getEpochSecond())));
        return find(
                "/v1/invoices",
                query,
                one -> one.path("metadata")
                        .path(InvoiceDeliveries.LEDGER_INVOICE)
                        .asText()
                        .equals(delivery.invoice()),
                true);
    }

    private Outcome lookForItem(DeliveryState state) throws InterruptedException {
        Matcher item = ITEM.matcher(state.next().body());
        if (!item.find()) {
            throw new IllegalStateException(
                    "an item without its place: " + state.delivery().id());
        }
        String position = item.group(1);
        return find(
                "/v1/invoiceitems",
                Map.of("invoice", state.object()),
                one -> one.path("metadata")
                        .path(InvoiceDeliveries.LEDGER_ITEM)
                        .asText()
                        .equals(position),
                false);
    }

    private Outcome find(String path, Map<String, String> query, Predicate<JsonNode> wanted, boolean isObject)
            throws InterruptedException {
        List<String> found = new ArrayList<>();
        try {
            api.each(path, query, one -> {
                if (wanted.test(one)) {
                    found.add(one.path("id").asText());
                }
            });
        } catch (UnreadListException e) {
            return unread(e.reply());
        }
        return found.isEmpty()
                ? new Outcome.Absent("looked through " + path)
                : new Outcome.Done(200, isObject ? found.get(0) : "", "found as " + found.get(0));
    }

    private Outcome lookWhetherFinalized(DeliveryState state) throws InterruptedException {
        Reply reply = api.get("/v1/invoices/" + state.object());
        if (!reply.isSuccess()) {
            return unread(reply);
        }
        String status = reply.text("/status");
        return status.equals("draft")
                ? new Outcome.Absent(state.object() + " is a draft")
                : new Outcome.Done(reply.status(), "", state.object() + " is " + status);
    }

    static Outcome unread(Reply reply) {
        if (reply.status() == 401 || reply.status() == 403) {
            return new Outcome.Locked(reply.status(), reply.text("/error/message"));
        }
        return new Outcome.Unknown(reply.status(), "", "it cannot be looked up now", reply.retryAfterMs());
    }
}

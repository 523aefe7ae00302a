package io.tallystick.invoicer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.invoicer.delivery.DeliveryAlerts;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.delivery.PaymentReports;
import io.tallystick.invoicer.delivery.PaymentReports.Paid;
import io.tallystick.invoicer.provider.AlertWriter;
import io.tallystick.invoicer.provider.ApiSecret;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.provider.WebhookSignatures;
import io.tallystick.invoicer.stream.BrokersSilentException;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.ProviderEvent;
import io.tallystick.schemas.event.RequestRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v1/webhooks/stripe} and {@code …/paystack}: what a provider reports. It is stored before it is answered, and what
 * it says of a payment is asked of the invoice. Reports come repeatedly and in any order.
 */
public final class WebhookRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookRoutes.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FASTER_THAN_THE_VIEW = Duration.ofSeconds(2);
    private static final int BODY_BYTES_MAX = 1 << 20;
    /** So much of a larger body is read and thrown away: who is cut off while sending does not see the answer. */
    private static final long DISCARDED_BYTES_MAX = 16L << 20;

    private static final int NAME_LENGTH_MAX = 255;
    private static final long LATEST_SECOND = 32_503_680_000L; // the year 3000
    private static final String METER_ERRORS = "v1.billing.meter.";
    private static final JsonMapper JSON = new JsonMapper();

    private final ProviderSettings settings;
    private final DeliveryView view;
    private final RequestWriter requests;
    private final KafkaReceipts receipts;
    private final AlertWriter alerts;
    private final MeterErrorReports meterErrors;
    private final InstantSource clock;

    public WebhookRoutes(
            ProviderSettings settings,
            DeliveryView view,
            RequestWriter requests,
            KafkaReceipts receipts,
            AlertWriter alerts,
            InstantSource clock) {
        this.settings = settings;
        this.requests = requests;
        this.view = view;
        this.receipts = receipts;
        this.alerts = alerts;
        this.meterErrors = new MeterErrorReports(settings, view, receipts, alerts);
        this.clock = clock;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/webhooks/stripe", this::stripe);
        routes.post("/api/v1/webhooks/paystack", this::paystack);
    }

    private void stripe(Context context) throws InterruptedException {
        List<ApiSecret> secrets = required(settings.stripeWebhookSecrets(), "STRIPE_WEBHOOK_SECRET");
        byte[] body = body(context);
        if (!WebhookSignatures.isFromStripe(context.header("Stripe-Signature"), body, secrets, clock.instant())) {
            throw RequestRefused.badRequest("the Stripe-Signature does not fit the body, or its time is not now");
        }
        JsonNode event = parsed(body);
        boolean isThin = event.path("object").asText().equals("v2.core.event");
        String object = isThin
                ? event.at("/related_object/id").asText("")
                : event.at("/data/object/id").asText("");
        String type = event.path("type").asText("");
        store(
                context,
                "stripe",
                event.path("id").asText(""),
                type,
                object,
                event.at("/data/object"),
                paid(event.at("/data/object/total"), event.at("/data/object/currency"), event.path("livemode")),
                at(event.path("created")),
                body);
    }

    private void paystack(Context context) throws InterruptedException {
        List<ApiSecret> secrets = required(settings.paystackWebhookSecrets(), "PAYSTACK_SECRET_KEY");
        byte[] body = body(context);
        if (!WebhookSignatures.isFromPaystack(context.header("x-paystack-signature"), body, secrets)) {
            throw RequestRefused.badRequest("the x-paystack-signature does not fit the body");
        }
        JsonNode event = parsed(body);
        String type = event.path("event").asText("");
        JsonNode data = event.path("data");
        String object = type.startsWith("paymentrequest.")
                ? data.path("request_code").asText("")
                : data.path("reference").asText("");
        // Paystack names no event: what happened to what is its name.
        String id = object.isEmpty() ? "" : type + " " + data.path("id").asText("") + " " + object;
        JsonNode domain = data.path("domain");
        Paid paid = paid(
                data.path("amount"),
                data.path("currency"),
                domain.isTextual() ? BooleanNode.valueOf(domain.textValue().equals("live")) : domain);
        store(context, "paystack", id, type, object, data, paid, clock.instant(), body);
    }

    private void store(
            Context context,
            String provider,
            String event,
            String type,
            String object,
            JsonNode data,
            Paid paid,
            Instant at,
            byte[] body)
            throws InterruptedException {
        if (event.isEmpty()
                || type.isEmpty()
                || event.length() > NAME_LENGTH_MAX
                || object.length() > NAME_LENGTH_MAX) {
            throw RequestRefused.badRequest("the body is no event of " + provider + "'s");
        }
        if (!view.ready()) {
            throw RequestRefused.notReady("the deliveries are still being read; send it again", 1);
        }
        if (!view.knows(provider, event)) {
            Optional<DeliveryState> made = view.madeBy(provider, object);
            if (made.isEmpty()) {
                made = foretold(provider, type, object, data);
            }
            ProviderEvent stored = new ProviderEvent(
                    made.map(state -> state.delivery().tenant()).orElse(""),
                    provider,
                    event,
                    type,
                    object,
                    data.path("status").asText(""),
                    at,
                    new String(body, StandardCharsets.UTF_8));
            try {
                if (type.startsWith(METER_ERRORS)) {
                    LOG.atError()
                            .addKeyValue("event", event)
                            .addKeyValue("type", type)
                            .log("Stripe could not use meter events that it had taken; reconcile its meters");
                    meterErrors.take(event, type, clock.instant());
                }
                if (made.isPresent()) {
                    report(made.get(), provider, event, type, paid);
                }
                receipts.write(stored); // behind it, so that a crash between the two lets the event come again
            } catch (KafkaException | BrokersSilentException e) {
                throw RequestRefused.notReady("the event could not be stored; send it again", 10);
            }
        }
        JsonBodies.write(context, 200, Map.of("received", true));
    }

    /** The delivery that is to make the object, or has made it and not said so yet. What names one of ours is waited for a little. */
    private Optional<DeliveryState> foretold(String provider, String type, String object, JsonNode data)
            throws InterruptedException {
        String ledgerInvoice =
                data.path("metadata").path(InvoiceDeliveries.LEDGER_INVOICE).asText("");
        String customer = data.path("customer").asText("");
        boolean isOurs =
                !ledgerInvoice.isEmpty() && PaymentReports.of(provider, type).isPresent();
        return view.await(
                state -> state.delivery().provider().equals(provider)
                        && PaymentReports.concerns(state, object, ledgerInvoice, customer),
                isOurs ? FASTER_THAN_THE_VIEW : Duration.ZERO);
    }

    /**
     * Lets the invoice become what its payment came to, if that is what it asks for. In whatever order reports come, the invoice takes what is possible.
     */
    private void report(DeliveryState made, String provider, String event, String type, Paid paid)
            throws BrokersSilentException, InterruptedException {
        Delivery delivery = made.delivery();
        Optional<InvoiceCommand.Action> action = PaymentReports.of(provider, type);
        if (action.isEmpty() || delivery.invoice().isEmpty()) {
            return;
        }
        String reason = provider + " " + type + " " + event;
        if (action.get() == InvoiceCommand.Action.PAID) {
            Optional<String> contradiction = PaymentReports.contradiction(delivery, paid, settings.isLive());
            if (contradiction.isEmpty() && isWithdrawn(delivery)) {
                contradiction = Optional.of(
                        "it is void here; what was paid is taken back there as credit, or by a person who is told so");
            }
            if (contradiction.isPresent()) {
                alerts.write(DeliveryAlerts.payment(delivery, reason, contradiction.get(), clock.instant()));
                return;
            }
        }
        requests.write(
                List.of(new InvoiceCommandRequested(delivery.tenant(), delivery.invoice(), action.get(), reason)),
                PATIENCE);
    }

    /** Whether the invoice is void, and something was asked for: a total of 0, or below, is paid by itself. */
    private boolean isWithdrawn(Delivery delivery) {
        return delivery.expected().signum() > 0
                && view.delivery(InvoiceDeliveries.withdrawal(delivery.id())).isPresent();
    }

    /** An amount is whole, in the smallest unit: what has a point or an exponent is none. */
    private static Paid paid(JsonNode amount, JsonNode currency, JsonNode live) {
        return new Paid(
                amount.isIntegralNumber() ? amount.decimalValue() : null,
                currency.asText(""),
                live.isBoolean() ? live.booleanValue() : null);
    }

    private static List<ApiSecret> required(List<ApiSecret> secrets, String name) {
        if (secrets.isEmpty()) {
            throw new RequestRefused(
                    503, "Service unavailable", "webhooks are not set up here: start the service with " + name);
        }
        return secrets;
    }

    private static byte[] body(Context context) {
        try {
            InputStream sent = context.bodyInputStream();
            byte[] body = sent.readNBytes(BODY_BYTES_MAX + 1);
            if (body.length <= BODY_BYTES_MAX) {
                return body;
            }
            for (long left = DISCARDED_BYTES_MAX; left > 0; ) {
                int read = sent.read(body);
                left = read < 0 ? 0 : left - read;
            }
        } catch (IOException e) {
            throw RequestRefused.badRequest("the body ends too early");
        }
        throw RequestRefused.badRequest("the body is larger than " + BODY_BYTES_MAX + " bytes");
    }

    private static JsonNode parsed(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree != null && tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            LOG.atDebug().log("a signed body that is no JSON");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        throw RequestRefused.badRequest("the body is no JSON object");
    }

    /** Seconds in snapshot events, a text in thin ones. */
    private Instant at(JsonNode created) {
        if (created.canConvertToLong() && created.asLong() >= 0 && created.asLong() < LATEST_SECOND) {
            return Instant.ofEpochSecond(created.asLong());
        }
        return clock.instant();
    }
}

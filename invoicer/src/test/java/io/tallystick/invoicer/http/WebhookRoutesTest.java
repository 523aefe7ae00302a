package io.tallystick.invoicer.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import io.javalin.Javalin;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.invoicer.stream.TestingTopic;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.ProviderEvent;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRoutesTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Instant NOW = Instant.parse("2026-06-02T10:00:00Z");
    private static final Map<String, String> SETTINGS = Map.of(
            "STRIPE_API_KEY", "sk_test_1",
            "STRIPE_WEBHOOK_SECRET", "whsec_old,whsec_new",
            "PAYSTACK_SECRET_KEY", "sk_test_2");
    private static final Subscription SUBSCRIPTION = TestingInvoices.subscription("acme", "acme-main");
    private static final Delivery SENT = InvoiceDeliveries.finalized(
                    TestingInvoices.draft(
                            TestingInvoices.closed("acme", "acme-main", TestingInvoices.APRIL, 1),
                            SUBSCRIPTION,
                            List.of(TestingInvoices.fee("10.00")),
                            List.of()),
                    new Subscription.Provider("stripe", "invoice", "cus_1"))
            .orElseThrow();

    private final TestingTopic<Delivery> deliveries = TestingTopic.deliveries(TOPICS);
    private final TestingTopic<ReceiptRecord> receipts = TestingTopic.receipts(TOPICS);
    private final DeliveryView view = new DeliveryView(TOPICS, deliveries::consumer, receipts::consumer);
    private final MockProducer<String, byte[]> written =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final HttpClient client = HttpClient.newHttpClient();
    private Javalin server;

    @BeforeEach
    void start() throws InterruptedException {
        deliveries.before(SENT);
        receipts.before(new Receipt("acme", SENT.id(), Receipt.Kind.ACCEPTED, 0, 0, NOW, 200, "", "in_1", ""));
        receipts.before(new ProviderEvent("acme", "stripe", "evt_known", "invoice.paid", "in_1", "paid", NOW, "{}"));
        view.start();
        assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();
        server = Javalin.create(config -> {
                    new WebhookRoutes(
                                    ProviderSettings.of(name -> Optional.ofNullable(SETTINGS.get(name)), false),
                                    view,
                                    new RequestWriter(TOPICS, written),
                                    new KafkaReceipts(TOPICS, written),
                                    () -> NOW)
                            .addTo(config.routes);
                    config.http.maxRequestSize = 8_000_000L;
                    config.routes.exception(
                            RequestRefused.class,
                            (refused, context) ->
                                    context.status(refused.status()).result(refused.detail()));
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
        view.close();
    }

    @Test
    void aPaymentIsStoredAndAskedOfTheInvoice() throws Exception {
        HttpResponse<String> answer = stripe(event("evt_1", "invoice.paid", "in_1", ""), "whsec_new", NOW);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(requests())
                .containsExactly(new InvoiceCommandRequested(
                        "acme", "acme-main-2026-04-01", Action.PAID, "stripe invoice.paid evt_1"));
        assertThat(stored()).singleElement().satisfies(event -> {
            assertThat(event.event()).isEqualTo("evt_1");
            assertThat(event.tenant()).isEqualTo("acme");
        });
    }

    @Test
    void aReportThatIsFasterThanTheReceiptFindsItsInvoiceByWhatItNames() throws Exception {
        String metadata = ",\"customer\":\"cus_1\",\"metadata\":{\"ledger_invoice_id\":\"acme-main-2026-04-01\"}";
        stripe(event("evt_1", "invoice.payment_failed", "in_early", metadata), "whsec_old", NOW);

        assertThat(requests()).extracting(InvoiceCommandRequested::action).containsExactly(Action.PAYMENT_FAILED);
    }

    @Test
    void whatAnotherCustomersObjectNamesIsNotBelieved() throws Exception {
        String metadata = ",\"customer\":\"cus_2\",\"metadata\":{\"ledger_invoice_id\":\"acme-main-2026-04-01\"}";

        assertThat(stripe(event("evt_1", "invoice.paid", "in_x", metadata), "whsec_old", NOW)
                        .statusCode())
                .isEqualTo(200);
        assertThat(requests()).isEmpty();
        assertThat(stored())
                .singleElement()
                .satisfies(event -> assertThat(event.tenant()).isEmpty());
    }

    @Test
    void whatSaysNothingOfAPaymentIsStoredAndChangesNothing() throws Exception {
        stripe(event("evt_1", "invoice.finalized", "in_1", ""), "whsec_new", NOW);

        assertThat(requests()).isEmpty();
        assertThat(stored()).hasSize(1);
    }

    @Test
    void anEventThatIsKnownChangesNothing() throws Exception {
        assertThat(stripe(event("evt_known", "invoice.paid", "in_1", ""), "whsec_new", NOW)
                        .statusCode())
                .isEqualTo(200);
        assertThat(written.history()).isEmpty();
    }

    @Test
    void aReplayOrAFutureSignatureIsRefused() throws Exception {
        String body = event("evt_1", "invoice.paid", "in_1", "");

        assertThat(stripe(body, "whsec_new", NOW.minusSeconds(300)).statusCode())
                .isEqualTo(200);
        written.clear();
        assertThat(stripe(body, "whsec_new", NOW.minusSeconds(301)).statusCode())
                .isEqualTo(400);
        assertThat(stripe(body, "whsec_new", NOW.plusSeconds(301)).statusCode()).isEqualTo(400);
        assertThat(written.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t",
                "t=",
                "t=abc,v1=00",
                "t=99999999999999999999,v1=00",
                "v1=00",
                "t=1780394400",
                "t=1780394400,v1=",
                "t=1780394400,v1=zz",
                ",,,===",
                "t=1780394400,v0=00"
            })
    void aSignatureThatIsNoneIsABadRequest(String header) throws Exception {
        HttpResponse<String> answer =
                post("stripe", "Stripe-Signature", header, event("evt_1", "invoice.paid", "in_1", ""));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(written.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"x\"", "{", "{}", "{\"id\":7}", "{\"id\":\"evt_1\"}"})
    void aSignedBodyThatIsNoEventIsABadRequest(String body) throws Exception {
        HttpResponse<String> answer = stripe(body, "whsec_new", NOW);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(written.history()).isEmpty();
    }

    @Test
    void aBodyOfOneMebibyteIsTheLargestThatIsTaken() throws Exception {
        String small = event("evt_1", "invoice.paid", "in_1", "");
        String largest = " ".repeat((1 << 20) - small.length()) + small;

        assertThat(stripe(" " + largest, "whsec_new", NOW).statusCode()).isEqualTo(400);
        assertThat(written.history()).isEmpty();
        assertThat(stripe(largest, "whsec_new", NOW).statusCode()).isEqualTo(200);
    }

    @Test
    void paystackSignsWithItsKey() throws Exception {
        String body = "{\"event\":\"charge.success\",\"data\":{\"id\":1,\"reference\":\"x\",\"status\":\"success\"}}";

        assertThat(post("paystack", "x-paystack-signature", sha512("sk_test_2", body), body)
                        .statusCode())
                .isEqualTo(200);
        assertThat(stored()).hasSize(1);
        written.clear();
        assertThat(post("paystack", "x-paystack-signature", sha512("sk_test_1", body), body)
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("paystack", "x-paystack-signature", "", body).statusCode())
                .isEqualTo(400);
        assertThat(written.history()).isEmpty();
    }

    private static String event(String id, String type, String object, String more) {
        return "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"created\":1780394400,\"data\":{\"object\":{\"id\":\""
                + object + "\",\"status\":\"open\"" + more + "}}}";
    }

    private HttpResponse<String> stripe(String body, String secret, Instant at) throws Exception {
        long seconds = at.getEpochSecond();
        return post(
                "stripe",
                "Stripe-Signature",
                "t=" + seconds + ",v1=" + Webhook.Util.computeHmacSha256(secret, seconds + "." + body),
                body);
    }

    private HttpResponse<String> post(String provider, String header, String value, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/webhooks/" + provider))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!value.isEmpty()) {
            request.header(header, value);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String sha512(String secret, String body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private List<InvoiceCommandRequested> requests() {
        return written.history().stream()
                .filter(record -> record.topic().equals(TOPICS.billingRequests().name()))
                .map(record -> (InvoiceCommandRequested) TopicCodecs.REQUESTS.decode(record.value()))
                .toList();
    }

    private List<ProviderEvent> stored() {
        return written.history().stream()
                .filter(record -> record.topic().equals(TOPICS.billingReceipts().name()))
                .map(record -> (ProviderEvent) TopicCodecs.RECEIPTS.decode(record.value()))
                .toList();
    }
}

package io.tallystick.invoicer.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import io.javalin.Javalin;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.delivery.UsageDeliveries;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaAlerts;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.invoicer.stream.TestingTopic;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.ProviderEvent;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.math.BigDecimal;
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
import java.util.concurrent.CompletableFuture;
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

    private static final String SUM = "\"total\":1000,\"currency\":\"usd\"";
    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Instant NOW = Instant.parse("2026-06-02T10:00:00Z");
    private static final Subscription SUBSCRIPTION = TestingInvoices.subscription("acme", "acme-main");
    private static final Subscription.Provider CARD = new Subscription.Provider("stripe", "invoice", "cus_1");
    private static final Invoice INVOICE = TestingInvoices.draft(
            TestingInvoices.closed("acme", "acme-main", TestingInvoices.APRIL, 1),
            SUBSCRIPTION,
            List.of(TestingInvoices.fee("10.00")),
            List.of());
    private static final Delivery SENT =
            InvoiceDeliveries.finalized(INVOICE, CARD).orElseThrow();

    private final TestingTopic<Delivery> deliveries = TestingTopic.deliveries(TOPICS);
    private final TestingTopic<ReceiptRecord> receipts = TestingTopic.receipts(TOPICS);
    private final DeliveryView view = new DeliveryView(TOPICS, deliveries::consumer, receipts::consumer);
    private final MockProducer<String, byte[]> written =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final HttpClient client = HttpClient.newHttpClient();
    private final Delivery used = UsageDeliveries.meterEvent(
            "acme",
            "acme-main",
            new Subscription.Provider("stripe", "meter_events", "cus_1"),
            "tokens",
            new Period(NOW.minusSeconds(7200), NOW.minusSeconds(3600)),
            0,
            new BigDecimal("7.5"));
    private Javalin server;
    private Javalin stripe;
    private volatile int stripeStatus = 200;

    @BeforeEach
    void start() throws InterruptedException {
        deliveries.before(SENT);
        receipts.before(new Receipt("acme", SENT.id(), Receipt.Kind.ACCEPTED, 0, 0, NOW, 200, "", "in_1", ""));
        receipts.before(new ProviderEvent("acme", "stripe", "evt_known", "invoice.paid", "in_1", "paid", NOW, "{}"));
        deliveries.before(used);
        receipts.before(new Receipt("acme", used.id(), Receipt.Kind.DELIVERED, 0, 0, NOW, 200, "", "", ""));
        stripe = Javalin.create(config -> config.routes.get(
                        "/v2/core/events/evt_report",
                        context -> context.status(stripeStatus).result(report(used.id()))))
                .start("127.0.0.1", 0);
        Map<String, String> settings = Map.of(
                "STRIPE_API_KEY", "sk_test_1",
                "STRIPE_API_BASE", "http://127.0.0.1:" + stripe.port(),
                "STRIPE_WEBHOOK_SECRET", "whsec_old,whsec_new",
                "PAYSTACK_SECRET_KEY", "sk_test_2");
        view.start();
        assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();
        server = Javalin.create(config -> {
                    new WebhookRoutes(
                                    ProviderSettings.of(name -> Optional.ofNullable(settings.get(name)), false),
                                    view,
                                    new RequestWriter(TOPICS, written),
                                    new KafkaReceipts(TOPICS, written),
                                    new KafkaAlerts(TOPICS, written),
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
        stripe.stop();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"total\":999,\"currency\":\"usd\"",
                "\"total\":1000,\"currency\":\"eur\"",
                "\"total\":\"1000\",\"currency\":\"usd\"",
                "\"total\":1e99999999,\"currency\":\"usd\"",
                "\"total\":1000.00000000000000001,\"currency\":\"usd\"",
                "\"currency\":\"usd\"",
                "\"total\":1000"
            })
    void aPaymentOfSomethingElseThanTheLedgerAsksForIsToldAndNotTaken(String sum) throws Exception {
        HttpResponse<String> answer =
                stripe(event("evt_1", "invoice.paid", "in_1", "").replace(SUM, sum), "whsec_new", NOW);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(requests()).isEmpty();
        assertThat(stored()).hasSize(1);
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(Alert.Kind.DELIVERY_FAILED);
            assertThat(alert.tenant()).isEqualTo("acme");
            assertThat(alert.message())
                    .contains("acme-main-2026-04-01", "invoice.paid evt_1", "the ledger asks for 1000 USD");
        });
    }

    @Test
    void realMoneyIsNotTakenForATestKeys() throws Exception {
        String body = event("evt_1", "invoice.paid", "in_1", "");

        stripe(body.replace("\"created\"", "\"livemode\":true,\"created\""), "whsec_new", NOW);
        assertThat(requests()).isEmpty();
        assertThat(alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).contains("real money"));
        written.clear();
        stripe(body.replace("\"created\"", "\"livemode\":false,\"created\""), "whsec_new", NOW);
        assertThat(requests()).hasSize(1);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void aFailedPaymentIsTakenWhateverItsAmount() throws Exception {
        stripe(event("evt_1", "invoice.payment_failed", "in_1", "").replace(SUM, "\"total\":1"), "whsec_new", NOW);

        assertThat(requests()).hasSize(1);
    }

    @Test
    void theVoidInvoiceThatIsPaidAllTheSameIsToldToPeople() throws Exception {
        deliveries.add(InvoiceDeliveries.voided(INVOICE, CARD).orElseThrow());
        assertThat(view.await(state -> InvoiceDeliveries.isWithdrawal(state.delivery()), Duration.ofSeconds(20)))
                .isPresent();

        stripe(event("evt_1", "invoice.paid", "in_1", ""), "whsec_new", NOW);

        assertThat(requests()).isEmpty();
        assertThat(alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).contains("it is void here"));
    }

    @Test
    void aPaystackChargeOfAnotherAmountIsToldAndNotTaken() throws Exception {
        Delivery charge = InvoiceDeliveries.finalized(
                        INVOICE, new Subscription.Provider("paystack", "invoice", "AUTH_1 a@example.com"))
                .orElseThrow();
        Delivery sent = new Delivery(
                "inv:paystack",
                charge.tenant(),
                charge.subscription(),
                charge.provider(),
                charge.mode(),
                charge.customer(),
                "",
                charge.invoice(),
                charge.period(),
                charge.currency(),
                charge.expected(),
                charge.steps(),
                "",
                "");
        deliveries.add(sent);
        assertThat(view.await(state -> state.delivery().id().equals("inv:paystack"), Duration.ofSeconds(20)))
                .isPresent();
        String reference = charge.steps().get(0).identity();
        String body = "{\"event\":\"charge.success\",\"data\":{\"id\":1,\"domain\":\"test\",\"reference\":\""
                + reference + "\",\"amount\":1000,\"currency\":\"USD\",\"status\":\"success\"}}";

        String other = body.replace("\"amount\":1000", "\"amount\":100");
        post("paystack", "x-paystack-signature", sha512("sk_test_2", other), other);
        assertThat(requests()).isEmpty();
        assertThat(alerts()).hasSize(1);
        written.clear();
        post("paystack", "x-paystack-signature", sha512("sk_test_2", body), body);
        assertThat(requests()).extracting(InvoiceCommandRequested::action).containsExactly(Action.PAID);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void anotherObjectThatNamesAnInvoiceWhoseObjectIsKnownIsNotBelieved() throws Exception {
        String metadata = ",\"customer\":\"cus_1\",\"metadata\":{\"ledger_invoice_id\":\"acme-main-2026-04-01\"}";
        stripe(event("evt_1", "invoice.paid", "in_copy", metadata), "whsec_old", NOW);

        assertThat(requests()).isEmpty();
        assertThat(stored()).hasSize(1);
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
        assertThat(stripe(" ".repeat(10 << 20) + largest, "whsec_new", NOW).statusCode())
                .isEqualTo(400);
        assertThat(written.history()).isEmpty();
        assertThat(stripe(largest, "whsec_new", NOW).statusCode()).isEqualTo(200);
    }

    @Test
    void usageThatStripeCouldNotUseFailsAndPeopleAreTold() throws Exception {
        HttpResponse<String> answer = stripe(thin("evt_report"), "whsec_new", NOW);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(writtenReceipts())
                .filteredOn(Receipt.class::isInstance)
                .singleElement()
                .satisfies(some -> {
                    Receipt receipt = (Receipt) some;
                    assertThat(receipt.delivery()).isEqualTo(used.id());
                    assertThat(receipt.kind()).isEqualTo(Receipt.Kind.FAILED);
                    assertThat(receipt.code()).isEqualTo("reported_no_meter");
                });
        assertThat(stored()).extracting(ProviderEvent::event).containsExactly("evt_report");
        assertThat(alerts()).extracting(Alert::tenant).containsExactly("acme", "");
        assertThat(alerts().get(0).message())
                .isEqualTo("7.5 of tokens in the hour from 2026-06-02T08:00:00Z is not delivered to stripe for cus_1:"
                        + " no_meter: nothing counts it");
        assertThat(alerts().get(1).after()).isEqualByComparingTo("3");
        assertThat(alerts().get(1).message()).contains("evt_report").contains("3 events without a meter");
    }

    @Test
    void aReportThatCannotBeReadNowIsToComeAgain() throws Exception {
        stripeStatus = 503;

        assertThat(stripe(thin("evt_report"), "whsec_new", NOW).statusCode()).isEqualTo(503);
        assertThat(written.history()).isEmpty();
    }

    @Test
    void aReportThatStripeDoesNotKnowIsToldWithoutDetails() throws Exception {
        assertThat(stripe(thin("evt_../../v1/invoices"), "whsec_new", NOW).statusCode())
                .isEqualTo(200);
        assertThat(stripe(thin("evt_none"), "whsec_new", NOW).statusCode()).isEqualTo(200);

        assertThat(alerts())
                .hasSize(2)
                .allSatisfy(alert -> assertThat(alert.tenant()).isEmpty());
    }

    @Test
    void aReportThatIsFasterThanItsDeliveryWaitsForIt() throws Exception {
        Delivery early = InvoiceDeliveries.finalized(
                        TestingInvoices.draft(
                                TestingInvoices.closed("late", "late-main", TestingInvoices.APRIL, 1),
                                TestingInvoices.subscription("late", "late-main"),
                                List.of(TestingInvoices.fee("10.00")),
                                List.of()),
                        new Subscription.Provider("stripe", "invoice", "cus_9"))
                .orElseThrow();
        String metadata = ",\"customer\":\"cus_9\",\"metadata\":{\"ledger_invoice_id\":\"late-main-2026-04-01\"}";
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return stripe(event("evt_1", "invoice.paid", "in_9", metadata), "whsec_new", NOW);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        deliveries.add(early);

        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(requests()).extracting(InvoiceCommandRequested::tenant).containsExactly("late");
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

    private static String thin(String id) {
        return "{\"id\":\"" + id
                + "\",\"object\":\"v2.core.event\",\"type\":\"v1.billing.meter.no_meter_found\",\"created\":\"2026-06-02T10:00:00.000Z\"}";
    }

    private static String report(String identifier) {
        return """
                {"id":"evt_report","data":{"developer_message_summary":"3 events without a meter","reason":{"error_count":3,"error_types":[
                {"code":"no_meter","error_count":3,"sample_errors":[{"error_message":"nothing counts it","request":{"identifier":"%s"}},
                {"error_message":"nothing counts it","request":{"identifier":"somebody-elses"}}]}]}}}
                """.formatted(identifier);
    }

    private static String event(String id, String type, String object, String more) {
        return "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"created\":1780394400,\"data\":{\"object\":{\"id\":\""
                + object + "\",\"status\":\"open\"," + SUM + more + "}}}";
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
        return writtenReceipts().stream()
                .filter(ProviderEvent.class::isInstance)
                .map(ProviderEvent.class::cast)
                .toList();
    }

    private List<ReceiptRecord> writtenReceipts() {
        return written.history().stream()
                .filter(record -> record.topic().equals(TOPICS.billingReceipts().name()))
                .map(record -> TopicCodecs.RECEIPTS.decode(record.value()))
                .toList();
    }

    private List<Alert> alerts() {
        return written.history().stream()
                .filter(record -> record.topic().equals(TOPICS.billingAlerts().name()))
                .map(record -> TopicCodecs.ALERTS.decode(record.value()))
                .toList();
    }
}

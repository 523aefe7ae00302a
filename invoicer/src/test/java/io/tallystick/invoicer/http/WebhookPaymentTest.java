package io.tallystick.invoicer.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookPaymentTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Instant NOW = Instant.parse("2026-05-02T10:00:00Z");
    private static final String SECRET = "whsec_test";

    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final DeliveryView view = new DeliveryView(TOPICS, () -> new MockConsumer<>("earliest"));
    private Javalin server;

    @BeforeEach
    void start() {
        ProviderSettings settings = ProviderSettings.of(
                name -> name.equals("STRIPE_WEBHOOK_SECRET") ? Optional.of(SECRET) : Optional.empty(), false);
        server = Javalin.create(config -> {
                    new WebhookRoutes(
                                    settings,
                                    view,
                                    new KafkaReceipts(TOPICS, producer),
                                    new RequestWriter(TOPICS, producer),
                                    () -> NOW)
                            .addTo(config.routes);
                    config.routes.exception(
                            RequestRefused.class, (refused, context) -> context.status(refused.status()));
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void whatStripeSaysOfAPaymentIsAskedForUnderTheEventsName() throws Exception {
        assertThat(report("invoice.payment_failed", SECRET)).isEqualTo(200);
        assertThat(report("invoice.paid", SECRET)).isEqualTo(200);
        assertThat(report("invoice.marked_uncollectible", SECRET)).isEqualTo(200);

        assertThat(asked())
                .containsExactly(command(Action.PAYMENT_FAILED), command(Action.PAID), command(Action.UNCOLLECTIBLE));
    }

    @Test
    void whatSaysNothingOfAPaymentIsStoredAndAsksForNothing() throws Exception {
        assertThat(report("invoice.updated", SECRET)).isEqualTo(200);

        assertThat(producer.history()).hasSize(1);
        assertThat(asked()).isEmpty();
    }

    @Test
    void aReportThatIsNotSignedChangesNothing() throws Exception {
        assertThat(report("invoice.paid", "whsec_other")).isEqualTo(400);

        assertThat(producer.history()).isEmpty();
    }

    private static InvoiceCommandRequested command(Action action) {
        return new InvoiceCommandRequested("acme", "acme-main-2026-04-01", action, "stripe evt_1");
    }

    private List<BillingRequest> asked() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(TOPICS.billingRequests().name()))
                .map(record -> TopicCodecs.REQUESTS.decode(record.value()))
                .toList();
    }

    private int report(String type, String secret) throws Exception {
        String body = """
                {"id":"evt_1","object":"event","type":"%s","created":%d,"data":{"object":{"id":"in_1","status":"open",
                 "metadata":{"ledger_invoice_id":"acme-main-2026-04-01","tenant":"acme"}}}}""".formatted(type, NOW.getEpochSecond());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] signature = mac.doFinal((NOW.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/webhooks/stripe"))
                .header(
                        "Stripe-Signature",
                        "t=" + NOW.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(signature))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}

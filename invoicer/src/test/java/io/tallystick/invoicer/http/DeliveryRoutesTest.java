package io.tallystick.invoicer.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.invoicer.stream.DeliveryView;
import io.tallystick.invoicer.stream.KafkaReceipts;
import io.tallystick.invoicer.stream.TestingTopic;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryRoutesTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Instant NOW = Instant.parse("2026-06-02T10:00:00Z");
    private static final Subscription.Provider CARD = new Subscription.Provider("stripe", "invoice", "cus_1");
    private static final Invoice INVOICE = TestingInvoices.draft(
            TestingInvoices.closed("acme", "acme-main", TestingInvoices.APRIL, 1),
            TestingInvoices.subscription("acme", "acme-main"),
            List.of(TestingInvoices.fee("10.00")),
            List.of());
    private static final Delivery SENT =
            InvoiceDeliveries.finalized(INVOICE, CARD).orElseThrow();

    private final TestingTopic<Delivery> deliveries = TestingTopic.deliveries(TOPICS);
    private final TestingTopic<ReceiptRecord> receipts = TestingTopic.receipts(TOPICS);
    private final DeliveryView view = new DeliveryView(TOPICS, deliveries::consumer, receipts::consumer);
    private final MockProducer<String, byte[]> written =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private Javalin server;

    @BeforeEach
    void start() throws InterruptedException {
        deliveries.before(SENT);
        receipts.before(new Receipt("acme", SENT.id(), Receipt.Kind.FAILED, 0, 0, NOW, 400, "no_customer", "", ""));
        view.start();
        assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();
        server = Javalin.create(config -> {
                    new DeliveryRoutes(view, new KafkaReceipts(TOPICS, written), () -> NOW).addTo(config.routes);
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
    void whatFailedIsTakenUpAgainUnlessItsInvoiceIsVoidByNow() throws Exception {
        assertThat(failed()).contains(SENT.id());
        assertThat(retry().statusCode()).isEqualTo(202);
        assertThat(written.history()).hasSize(1);

        deliveries.add(InvoiceDeliveries.voided(INVOICE, CARD).orElseThrow());
        assertThat(view.await(state -> InvoiceDeliveries.isWithdrawal(state.delivery()), Duration.ofSeconds(20)))
                .isPresent();
        HttpResponse<String> refused = retry();

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("acme-main-2026-04-01 is void");
        assertThat(written.history()).hasSize(1);
        assertThat(failed()).doesNotContain(SENT.id());
    }

    private String failed() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/deliveries/failed"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> retry() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/v1/deliveries/"
                                        + SENT.id() + "/retry"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

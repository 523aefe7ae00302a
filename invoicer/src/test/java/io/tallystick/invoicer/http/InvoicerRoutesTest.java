package io.tallystick.invoicer.http;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static io.tallystick.invoicer.invoice.TestingInvoices.MAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.tallystick.invoicer.invoice.InvoiceEvent;
import io.tallystick.invoicer.invoice.InvoiceLifecycle;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.invoicer.stream.CloseRequester;
import io.tallystick.invoicer.stream.InvoiceView;
import io.tallystick.invoicer.stream.RequestView;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.invoicer.stream.TestingTopic;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvoicerRoutesTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Instant NOW = Instant.parse("2026-06-02T10:00:00Z");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Subscription MAIN = TestingInvoices.subscription("acme", "acme-main");
    private static final Subscription GLOBEX = TestingInvoices.subscription("globex", "globex");
    private static final CatalogRevision REVISION = TestingInvoices.revision(MAIN, GLOBEX);

    private final TestingTopic<Invoice> topic = TestingTopic.invoices(TOPICS);
    private final InvoiceView view = new InvoiceView(TOPICS, topic::consumer);
    private final TestingTopic<BillingRequest> requestTopic = TestingTopic.requests(TOPICS);
    private final RequestView requestView = new RequestView(TOPICS, view, requestTopic::consumer);
    private final HttpClient client = HttpClient.newHttpClient();
    private final MockProducer<String, byte[]> requests = new Pipeline();
    private Javalin server;

    /** Stands for everything between a request and the invoice it changes. */
    private final class Pipeline extends MockProducer<String, byte[]> {

        Pipeline() {
            super(true, null, new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
            if (TopicCodecs.REQUESTS.decode(record.value()) instanceof InvoiceCommandRequested asked) {
                Invoice before = view.invoice(asked.invoice()).orElseThrow();
                InvoiceCommand command =
                        new InvoiceCommand(asked.tenant(), 0, 50, 7, asked.invoice(), asked.action(), asked.reason());
                for (InvoiceEvent event : InvoiceLifecycle.decide(before, command, NOW)) {
                    topic.add(InvoiceLifecycle.evolve(before, event));
                }
            }
            return super.send(record);
        }
    }

    @BeforeEach
    void start() throws InterruptedException {
        topic.before(draft(MAIN, APRIL));
        requestTopic.before(new CloseRequested("acme", "acme-main", APRIL, 1, List.of(1L), 1));
        requestTopic.before(new CloseRequested("globex", "globex", APRIL, 1, List.of(42L), NOW.toEpochMilli()));
        requestTopic.before(new CloseRequested("acme", "acme-main", MAY, 1, List.of(42L), NOW.toEpochMilli()));
        requestTopic.before(new CloseReleased("acme", "acme-main", MAY, 1));
        view.start();
        assertThat(view.awaitReady(Duration.ofSeconds(20))).isTrue();
        requestView.start();
        assertThat(requestView.awaitReady(Duration.ofSeconds(20))).isTrue();
        RequestWriter writer = new RequestWriter(TOPICS, requests);
        server = Javalin.create(config -> {
                    BiPredicate<Context, String> mayRead =
                            (context, tenant) -> !"nobody".equals(context.header("X-Reader"));
                    new InvoiceRoutes(view, writer, mayRead).addTo(config.routes);
                    new PeriodRoutes(
                                    new CloseRequester(writer, patience -> List.of(42L), view),
                                    view,
                                    requestView,
                                    patience -> Map.of(0, 40L),
                                    REVISION::catalog,
                                    () -> NOW,
                                    mayRead)
                            .addTo(config.routes);
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
        requestView.close();
        view.close();
    }

    @Test
    void anInvoiceIsShownInThePublishedForm() throws Exception {
        HttpResponse<String> answer = get("/api/v1/invoices/acme-main-2026-04-01");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode invoice = JSON.readTree(answer.body());
        assertThat(invoice.get("number").textValue()).isEqualTo("INV-2026-04-acme-1");
        assertThat(invoice.get("total").textValue()).isEqualTo("499.00");
        assertThat(invoice.get("lines").get(0).get("kind").textValue()).isEqualTo("fee");
        assertThat(invoice.get("cut").get(0).get("log").textValue()).isEqualTo("log-id");
        assertThat(invoice.get("digest").textValue()).startsWith("sha256:");
    }

    @Test
    void listsAreChosenByTenantAndMonth() throws Exception {
        assertThat(JSON.readTree(get("/api/v1/invoices?tenant=acme&period=2026-04")
                                .body())
                        .get("data"))
                .hasSize(1);
        assertThat(get("/api/v1/invoices?tenant=initech").body()).isEqualTo("{\"data\":[],\"next\":null}");
        assertThat(JSON.readTree(get("/api/v1/invoices?period=2026-05").body()).get("data"))
                .isEmpty();
        assertThat(get("/api/v1/invoices?period=April").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/invoices?limit=0").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/invoices?limit=10001").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/invoices?after=nowhere").statusCode()).isEqualTo(400);
    }

    @Test
    void pagesAreFollowedToTheirEnd() throws Exception {
        List<String> whole = new ArrayList<>();
        JSON.readTree(get("/api/v1/invoices").body())
                .get("data")
                .forEach(invoice -> whole.add(invoice.get("id").asText()));
        List<String> paged = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonNode page = JSON.readTree(get("/api/v1/invoices?limit=1" + (next.isEmpty() ? "" : "&after=" + next))
                    .body());
            assertThat(page.get("data")).hasSize(1);
            paged.add(page.get("data").get(0).get("id").asText());
            next = page.get("next").isNull() ? null : page.get("next").asText();
        }

        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void whoMayNotReadATenantSeesNothingOfIt() throws Exception {
        assertThat(get("/api/v1/invoices/acme-main-2026-04-01", "X-Reader", "nobody")
                        .statusCode())
                .isEqualTo(404);
        assertThat(get("/api/v1/invoices?tenant=acme", "X-Reader", "nobody").statusCode())
                .isEqualTo(403);
        assertThat(get("/api/v1/invoices", "X-Reader", "nobody").body()).isEqualTo("{\"data\":[],\"next\":null}");
    }

    @Test
    void anUnknownInvoiceIsNotFound() throws Exception {
        assertThat(get("/api/v1/invoices/acme-main-2026-05-01").statusCode()).isEqualTo(404);
        assertThat(post("/api/v1/invoices/acme-main-2026-05-01/void", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void finalizingAnswersTheFinalizedInvoiceAndRefusesTheSecondTime() throws Exception {
        HttpResponse<String> first = post("/api/v1/invoices/acme-main-2026-04-01/finalize", "");
        HttpResponse<String> second = post("/api/v1/invoices/acme-main-2026-04-01/finalize", "");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(first.body()).get("status").textValue()).isEqualTo("finalized");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(requests.history()).hasSize(1);
    }

    @Test
    void voidingKeepsTheReason() throws Exception {
        HttpResponse<String> answer =
                post("/api/v1/invoices/acme-main-2026-04-01/void", "{\"reason\":\"wrong customer\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("status").textValue()).isEqualTo("void");
        assertThat(JSON.readTree(answer.body()).get("reason").textValue()).isEqualTo("wrong customer");
    }

    @Test
    void aPaymentIsSaidOfAFinalizedInvoiceWithItsCause() throws Exception {
        String path = "/api/v1/invoices/acme-main-2026-04-01";
        assertThat(post(path + "/payment", "{\"status\":\"paid\"}").statusCode())
                .isEqualTo(409);
        post(path + "/finalize", "");

        HttpResponse<String> failed =
                post(path + "/payment", "{\"status\":\"payment_failed\",\"reason\":\"no funds\"}");
        HttpResponse<String> paid = post(path + "/payment", "{\"status\":\"paid\",\"reason\":\"transfer 17\"}");

        assertThat(JSON.readTree(failed.body()).get("status").textValue()).isEqualTo("payment_failed");
        assertThat(JSON.readTree(paid.body()).get("status").textValue()).isEqualTo("paid");
        JsonNode history = JSON.readTree(get(path).body()).get("history");
        assertThat(history.findValuesAsText("status")).containsExactly("finalized", "payment_failed", "paid");
        assertThat(history.get(2).toString())
                .isEqualTo("{\"status\":\"paid\",\"at\":\"" + NOW + "\",\"sequence\":50,\"reason\":\"transfer 17\"}");
        HttpResponse<String> again = post(path + "/payment", "{\"status\":\"uncollectible\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("is paid: it cannot become uncollectible");
    }

    @Test
    void aPaymentIsOneOfThreeThings() throws Exception {
        for (String body : List.of("{}", "{\"status\":\"void\"}", "{\"status\":7}", "{\"status\":\"PAID\"}")) {
            assertThat(post("/api/v1/invoices/acme-main-2026-04-01/payment", body)
                            .statusCode())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(post("/api/v1/invoices/acme-main-2026-04-01/payment", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aVoidedInvoiceIsIssuedAgainWhenThatIsAskedFor() throws Exception {
        String path = "/api/v1/invoices/acme-main-2026-04-01";
        assertThat(post(path + "/reissue", "").statusCode()).isEqualTo(409);
        post(path + "/void", "{}");

        HttpResponse<String> answer = post(path + "/reissue", "");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body())
                        .get("closing")
                        .get(0)
                        .get("invoice")
                        .textValue())
                .isEqualTo("acme-main-2026-04-01-r2");
        assertThat(asked())
                .contains(new CloseRequested("acme", "acme-main", APRIL, 2, List.of(42L), NOW.toEpochMilli()));
        assertThat(post("/api/v1/invoices/nothing/reissue", "").statusCode()).isEqualTo(404);
    }

    @Test
    void anInvoiceIsIssuedAgainOnce() throws Exception {
        String path = "/api/v1/invoices/acme-main-2026-04-01";
        post(path + "/void", "{}");
        PeriodClosed first = TestingInvoices.closed("acme", "acme-main", APRIL, 60);
        topic.add(TestingInvoices.draft(
                new PeriodClosed("acme", 0, 60, 7, "acme-main", APRIL, 2, first.cut(), first.coverage()),
                MAIN,
                List.of(TestingInvoices.fee("499.00")),
                List.of()));
        assertThat(view.await("acme-main-2026-04-01-r2", invoice -> true, Duration.ofSeconds(20)))
                .isPresent();

        HttpResponse<String> answer = post(path + "/reissue", "");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("as acme-main-2026-04-01-r2");
        assertThat(post(path + "-r2/reissue", "").body()).contains("is draft: void it first");
    }

    @Test
    void aReasonThatIsNoTextIsRefused() throws Exception {
        assertThat(post("/api/v1/invoices/acme-main-2026-04-01/void", "{\"reason\":1}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(post("/api/v1/invoices/acme-main-2026-04-01/void", "{").statusCode())
                .isEqualTo(400);
    }

    @Test
    void closingAsksOnceForEveryDuePeriodThatIsOpen() throws Exception {
        HttpResponse<String> answer = post("/api/v1/periods/close", "{\"through\":\"2026-06-01T00:00:00Z\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body()).get("closing"))
                .extracting(closing -> closing.get("invoice").textValue())
                .containsExactly("globex-2026-04-01", "acme-main-2026-05-01", "globex-2026-05-01");
        assertThat(asked())
                .containsExactly(
                        new CloseRequested("globex", "globex", APRIL, 1, List.of(42L), NOW.toEpochMilli()),
                        new CloseRequested("acme", "acme-main", MAY, 1, List.of(42L), NOW.toEpochMilli()),
                        new CloseRequested("globex", "globex", MAY, 1, List.of(42L), NOW.toEpochMilli()));
    }

    @Test
    void closingCanBeKeptToOneTenant() throws Exception {
        HttpResponse<String> answer =
                post("/api/v1/periods/close", "{\"through\":\"2026-05-01T00:00:00Z\",\"tenant\":\"globex\"}");

        assertThat(JSON.readTree(answer.body()).get("closing").get(0).toString())
                .isEqualTo("{\"tenant\":\"globex\",\"subscription\":\"globex\",\"period\":{"
                        + "\"start\":\"2026-04-01T00:00:00Z\",\"end\":\"2026-05-01T00:00:00Z\"},"
                        + "\"invoice\":\"globex-2026-04-01\"}");
    }

    @Test
    void aTenantWithoutASubscriptionClosesNothing() throws Exception {
        HttpResponse<String> answer =
                post("/api/v1/periods/close", "{\"through\":\"2026-05-01T00:00:00Z\",\"tenant\":\"initech\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"closing\":[],\"adjusting\":0,\"subscriptions\":0}");
        assertThat(requests.history()).isEmpty();
    }

    @Test
    void onlyAWholeHourCanBeClosedThrough() throws Exception {
        for (String through :
                List.of("\"2026-05-01T00:30:00Z\"", "\"2026-05-01\"", "7", "null", "\"2026-05-01T05:30:00+05:30x\"")) {
            assertThat(post("/api/v1/periods/close", "{\"through\":" + through + "}")
                            .statusCode())
                    .as(through)
                    .isEqualTo(422);
        }
        assertThat(post("/api/v1/periods/close", "{}").statusCode()).isEqualTo(422);
        assertThat(post("/api/v1/periods/close", "").statusCode()).isEqualTo(400);
        assertThat(requests.history()).isEmpty();
    }

    @Test
    void aCloseUnderWayShowsThePartitionThatLags() throws Exception {
        JsonNode data = JSON.readTree(get("/api/v1/periods/closing").body()).get("data");

        assertThat(data).hasSize(2); // the invoice of the third is there
        assertThat(data.get(0).toString())
                .isEqualTo("{\"tenant\":\"globex\",\"subscription\":\"globex\",\"period\":{"
                        + "\"start\":\"2026-04-01T00:00:00Z\",\"end\":\"2026-05-01T00:00:00Z\"},\"attempt\":1,"
                        + "\"requestedAt\":\"2026-06-02T10:00:00Z\",\"state\":\"waiting\","
                        + "\"lagging\":[{\"partition\":0,\"committed\":40,\"end\":42}]}");
        assertThat(data.get(1).get("state").textValue()).isEqualTo("released");
        assertThat(data.get(1).get("lagging")).isEmpty();
        assertThat(get("/api/v1/periods/closing", "X-Reader", "nobody").body())
                .isEqualTo("{\"data\":[],\"next\":null}");
    }

    @Test
    void tooManyPeriodsAreRefusedAsAWhole() throws Exception {
        assertThat(post("/api/v1/periods/close", "{\"through\":\"9999-01-01T00:00:00Z\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(requests.history()).isEmpty();
    }

    private List<BillingRequest> asked() {
        return requests.history().stream()
                .map(record -> TopicCodecs.REQUESTS.decode(record.value()))
                .toList();
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static Invoice draft(Subscription subscription, Period period) {
        return TestingInvoices.draft(
                TestingInvoices.closed(subscription.tenant(), subscription.subscription(), period, 5),
                subscription,
                List.of(TestingInvoices.fee("499.00")),
                List.of());
    }
}

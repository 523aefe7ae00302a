package io.tallystick.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.tallystick.ingest.redrive.Redriver;
import io.tallystick.ingest.redrive.RejectedEvents;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway over HTTP, up to where the brokers come in. */
class EventRoutesTest {

    private static final String EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/t\",\"type\":\"t\",\"subject\":\"acme\"}";
    private static final String ONE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    private final List<IncomingEvent> published = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Javalin server;

    @BeforeEach
    void start() {
        Topics topics = new Topics(Space.DEFAULT, 12);
        Map<String, Object> nowhere = Map.of("bootstrap.servers", "127.0.0.1:1");
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.http.maxRequestSize = 9 << 20;
                    config.routes.exception(RequestRefused.class, (refused, context) -> {
                        refused.retryAfterSeconds()
                                .ifPresent(seconds -> context.header("Retry-After", Integer.toString(seconds)));
                        List<String> errors = refused.errors().stream()
                                .map(CatalogError::toString)
                                .toList();
                        context.status(refused.status()).result(refused.detail() + "\n" + String.join("\n", errors));
                    });
                    new EventRoutes(
                                    published::addAll,
                                    new AccountingView(),
                                    (context, tenant) -> !tenant.equals("other"))
                            .addTo(config.routes);
                    new RejectedRoutes(
                                    new RejectedEvents(topics, nowhere),
                                    new Redriver(topics, nowhere),
                                    OptionalInt::empty)
                            .addTo(config.routes);
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpResponse<String> post(byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri("/api/v1/events")).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int at = 0; at < headers.length; at += 2) {
            request.header(headers[at], headers[at + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        return post(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private List<String> values() {
        return published.stream()
                .map(event -> new String(event.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void oneEventIsPublishedAsTheBytesThatCame() throws Exception {
        HttpResponse<String> answer = post(EVENT + " ", "Content-Type", ONE + "; charset=UTF-8");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"accepted\":1}");
        assertThat(values()).containsExactly(EVENT + " ");
        assertThat(published.get(0).tenant()).isEqualTo("acme");
    }

    @Test
    void aBatchIsAnArrayAndPlainJsonIsEither() throws Exception {
        assertThat(post("[" + EVENT + "," + EVENT + "]", "Content-Type", BATCH).body())
                .isEqualTo("{\"accepted\":2}");
        assertThat(post("[" + EVENT + "]", "Content-Type", "application/json").body())
                .isEqualTo("{\"accepted\":1}");
        assertThat(post(EVENT, "Content-Type", "application/json").body()).isEqualTo("{\"accepted\":1}");
        assertThat(post("[]", "Content-Type", BATCH).body()).isEqualTo("{\"accepted\":0}");
        assertThat(published).hasSize(4);
    }

    @Test
    void binaryModeBecomesKafkasBinaryMode() throws Exception {
        HttpResponse<String> answer = post(
                "{\"n\":1}",
                "Content-Type",
                "application/json",
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                "/t",
                "CE-Type",
                "t",
                "ce-subject",
                "\"z%C3%BCrich %41\"");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(published.get(0).tenant()).isEqualTo("zürich A");
        assertThat(published.get(0).headers()).extracting(Map.Entry::getKey).contains("ce_specversion", "content-type");
    }

    @Test
    void oneFaultRefusesAllAndEachIsNamed() throws Exception {
        HttpResponse<String> answer = post(
                "[" + EVENT + ",{\"specversion\":\"1.0\"},5,"
                        + EVENT.replace("\"subject\":\"acme\"", "\"subject\":\"\"") + ","
                        + EVENT.replace("{", "{\"time\":\"soon\",") + "]",
                "Content-Type",
                BATCH);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("4 of 5 events")
                .contains("[1]")
                .contains("not_a_cloud_event")
                .contains("[2]")
                .contains("[3]")
                .contains("missing_subject")
                .contains("[4]")
                .contains("invalid_time")
                .doesNotContain("[0]");
        assertThat(published).isEmpty();
    }

    @Test
    void sizesAreRefusedFromTheFirstByteTooMany() throws Exception {
        String frame = EVENT.replace("}", ",\"pad\":\"\"}");
        byte[] fits = EVENT.replace("}", ",\"pad\":\"" + "x".repeat((1 << 20) - frame.length()) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(fits).hasSize(1 << 20);
        assertThat(post(fits, "Content-Type", ONE).statusCode()).isEqualTo(202);
        byte[] over = Arrays.copyOf(fits, fits.length + 1);
        over[fits.length] = ' ';
        assertThat(post(over, "Content-Type", ONE).statusCode()).isEqualTo(413);

        byte[] body = new byte[8 << 20];
        Arrays.fill(body, (byte) ' ');
        body[0] = '[';
        body[body.length - 1] = ']';
        assertThat(post(body, "Content-Type", BATCH).statusCode()).isEqualTo(202);
        assertThat(post(Arrays.copyOf(body, body.length + 1), "Content-Type", BATCH)
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void aBatchOfMoreEventsThanAnybodySendsIsRefused() throws Exception {
        String most = "0,".repeat(EventBodies.EVENTS_MAX - 1) + "0";
        assertThat(post("[" + most + "]", "Content-Type", BATCH).statusCode()).isEqualTo(400);
        HttpResponse<String> answer = post("[" + most + ",0]", "Content-Type", BATCH);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("100000 events");
        assertThat(published).isEmpty();
    }

    @Test
    void otherContentIsRefused() throws Exception {
        assertThat(post(EVENT, "Content-Type", "text/plain").statusCode()).isEqualTo(415);
        assertThat(post(EVENT).statusCode()).isEqualTo(415);
        assertThat(post("{", "Content-Type", BATCH).statusCode()).isEqualTo(400);
        assertThat(post("", "Content-Type", ONE).statusCode()).isEqualTo(400);
    }

    @Test
    void aKeyBoundToTenantsSendsOnlyForThem() throws Exception {
        assertThat(post(EVENT.replace("acme", "other"), "Content-Type", ONE).statusCode())
                .isEqualTo(403);
        assertThat(published).isEmpty();
    }

    @Test
    void theAccountingIsAListOfPartitions() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/api/v1/ingest/accounting")).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("{\"partitions\":[]}");
    }

    @Test
    void deadLettersAreAskedForWithinLimits() throws Exception {
        for (String query : List.of("limit=0", "limit=10001", "limit=x", "reason=none")) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(uri("/api/v1/rejected?" + query)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
        }
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/api/v1/rejected/redrive"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
}

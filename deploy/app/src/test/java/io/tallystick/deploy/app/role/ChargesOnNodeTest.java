package io.tallystick.deploy.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.topic.Space;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running process answers about the charges of open periods and about spending limits. */
class ChargesOnNodeTest {

    /** A period of a year, so that the events, which happen now, are in one whenever the test runs. */
    private static final String CATALOG = """
            meters:
              - {meter: units, eventType: job.done, aggregation: sum, value: $.units}
            pricing:
              - version: v1
                effectiveFrom: "2025-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: hybrid
                    charges:
                      - {charge: base, model: flat, amount: "500.00"}
                      - {charge: compute, model: unit, meter: units, unitPrice: "2"}
              - version: v0
                effectiveFrom: "2025-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: other
                    charges:
                      - {charge: base, model: flat, amount: "500.00"}
                      - {charge: compute, model: unit, meter: units, unitPrice: "2"}
            subscriptions:
              - {tenant: previewed, plan: other, start: "2026-04-01T00:00:00Z", period: {every: P1Y}}
              - {tenant: spender, plan: hybrid, start: "2026-04-01T00:00:00Z", period: {every: P1Y}, shadow: [v1], limits: {period: "10.00", onExceed: block, fallback: small}}
              - {tenant: idle, plan: hybrid, start: "2026-04-01T00:00:00Z", period: {every: P1Y}}
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path directory;

    private static Node node;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        node = Node.start(new NodeSettings(
                EnumSet.allOf(Role.class),
                directory,
                "127.0.0.1",
                0,
                null,
                null,
                0,
                Duration.ofHours(1),
                Space.DEFAULT,
                2,
                ClosingSchedule.MANUAL,
                null,
                null,
                MemorySizes.DEFAULT,
                ProviderSettings.none()));
        assertThat(send(request("/api/v1/catalog")
                                .header("Content-Type", "application/yaml")
                                .PUT(BodyPublishers.ofString(CATALOG)))
                        .statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void answersForChargesAndLimitsAsUsageComesIn() throws Exception {
        use("spender", 1, "2.5");
        JsonNode charges = awaitTotal("spender", "505.00");
        assertThat(charges.path("currency").asText()).isEqualTo("USD");
        assertThat(charges.path("lines"))
                .extracting(line -> line.path("charge").asText())
                .containsExactly("base", "compute");
        assertThat(charges.path("shadow").get(0).path("difference").asText()).isEqualTo("0.00");

        HttpResponse<String> allowed = get("/api/v1/tenants/spender/access?amount=5");
        assertThat(allowed.statusCode()).isEqualTo(200);
        JsonNode access = JSON.readTree(allowed.body());
        assertThat(access.path("allowed").asBoolean()).isTrue();
        assertThat(access.path("spent").asText()).isEqualTo("5.00");
        assertThat(access.path("limit").asText()).isEqualTo("10.00");
        assertThat(access.path("remaining").asText()).isEqualTo("5.00");

        HttpResponse<String> tooMuch = get("/api/v1/tenants/spender/access?amount=5.01");
        assertThat(tooMuch.statusCode()).isEqualTo(402);
        assertThat(JSON.readTree(tooMuch.body()).path("fallback").asText()).isEqualTo("small");

        use("spender", 2, "2.5");
        awaitTotal("spender", "510.00");
        assertThat(get("/api/v1/tenants/spender/access").statusCode()).isEqualTo(402);
    }

    @Test
    void answersForASubscriptionWithoutUsage() throws Exception {
        awaitTotal("idle", "500.00");

        HttpResponse<String> access = get("/api/v1/tenants/idle/access?amount=1000000");

        assertThat(access.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(access.body()).path("limit").isNull()).isTrue();
    }

    @Test
    void answersForATenantThatNobodyKnows() throws Exception {
        HttpResponse<String> charges = get("/api/v1/tenants/nobody/charges");

        assertThat(charges.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(charges.body()).path("data")).isEmpty();
        assertThat(get("/api/v1/tenants/nobody/access").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/tenants/idle/access?subscription=other").statusCode())
                .isEqualTo(404);
    }

    @Test
    void refusesAnAmountThatIsNoDecimal() throws Exception {
        HttpResponse<String> refused = get("/api/v1/tenants/idle/access?amount=much");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    private static void use(String tenant, int id, String units) throws Exception {
        String event = """
                {"specversion":"1.0","id":"%d","source":"/t","type":"job.done","subject":"%s","data":{"units":"%s"}}""".formatted(id, tenant, units);
        assertThat(send(request("/api/v1/events")
                                .header("Content-Type", "application/cloudevents+json")
                                .POST(BodyPublishers.ofString(event)))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void saysWhatAChangeWouldDoToBillsAndPublishesNothing() throws Exception {
        use("previewed", 1, "2.5");
        use("previewed", 2, "1.5");
        awaitTotal("previewed", "508.00");
        String before = get("/api/v1/catalog").body();
        String change = """
            pricing:
              - version: v3
                effectiveFrom: "2026-04-01T00:00:00Z"
                currency: USD
                plans: [{plan: other, charges: [{charge: compute, model: unit, meter: units, unitPrice: "3"}]}]
            """;

        JsonNode effect = dryRun("", change);
        assertThat(effect.path("tenantsTouched").asInt()).isEqualTo(1);
        JsonNode bill = effect.path("data").path(0);
        assertThat(bill.path("tenant").asText()).isEqualTo("previewed");
        assertThat(bill.path("basis").asText()).isEqualTo("as_billed");
        assertThat(bill.path("now").asText()).isEqualTo("508.00");
        assertThat(bill.path("then").asText()).isEqualTo("12.00");
        assertThat(bill.path("difference").asText()).isEqualTo("-496.00");
        assertThat(bill.path("because").path(0).asText()).isEqualTo("pricing v3 from 2026-04-01T00:00:00Z");
        assertThat(effect.path("totals").path(0).path("difference").asText()).isEqualTo("-496.00");
        assertThat(effect.path("next").isNull()).isTrue();

        assertThat(dryRun("&after=previewed", change).path("data")).isEmpty();
        assertThat(send(dryRunRequest("&limit=0", change)).statusCode()).isEqualTo(400);
        assertThat(send(request("/api/v1/catalog?dryRun=yes").PUT(BodyPublishers.ofString(change)))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(dryRunRequest("", change.replace("v3", "v0"))).statusCode())
                .isEqualTo(409);
        assertThat(get("/api/v1/catalog").body()).isEqualTo(before);
    }

    @Test
    void previewsASubscriptionThatDoesNotExistYetAndComesInPages() throws Exception {
        use("newcomer", 1, "5");
        String change = """
            subscriptions:
              - {tenant: newcomer, plan: hybrid, start: "2026-04-01T00:00:00Z", period: {every: P1Y}}
              - {tenant: newcomer2, plan: hybrid, start: "2026-04-01T00:00:00Z", period: {every: P1Y}}
            """;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode effect = dryRun("&limit=1", change);
        while (!effect.path("data").path(0).path("then").asText().equals("510.00")) {
            assertThat(System.nanoTime()).as("%s", effect).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            effect = dryRun("&limit=1", change);
        }
        assertThat(effect.path("data")).hasSize(1);
        assertThat(effect.path("data").path(0).path("basis").asText()).isEqualTo("new_subscription");
        assertThat(effect.path("data").path(0).path("now").isNull()).isTrue();
        assertThat(effect.path("next").asText()).isEqualTo("newcomer");
        JsonNode second = dryRun("&limit=1&after=newcomer", change);
        assertThat(second.path("data").path(0).path("tenant").asText()).isEqualTo("newcomer2");
        assertThat(second.path("next").isNull()).isTrue();
    }

    private static HttpRequest.Builder dryRunRequest(String query, String change) {
        return request("/api/v1/catalog?dryRun=true" + query).PUT(BodyPublishers.ofString(change));
    }

    private static JsonNode dryRun(String query, String change) throws Exception {
        HttpResponse<String> answer = send(dryRunRequest(query, change));
        assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("effect");
    }

    /** The charges of a tenant's only open period, once they come to a total. */
    private static JsonNode awaitTotal(String tenant, String total) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> answer = get("/api/v1/tenants/" + tenant + "/charges");
            JsonNode open = JSON.readTree(answer.body()).path("data").path(0);
            if (open.path("total").asText().equals(total)) {
                return open;
            }
            assertThat(System.nanoTime())
                    .as("not within %s: %s", PATIENCE, answer.body())
                    .isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(PATIENCE);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}

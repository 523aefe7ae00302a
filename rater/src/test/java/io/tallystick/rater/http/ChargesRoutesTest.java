package io.tallystick.rater.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.tallystick.rater.stream.TestingRater;
import io.tallystick.schemas.event.RequestRefused;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChargesRoutesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Instant NOW = Instant.parse("2026-04-16T00:00:00Z");
    private static final String CATALOG = """
            meters:
              - {meter: units, eventType: used, aggregation: sum, value: $.n, dimensions: {model: $.model}}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: base, model: flat, amount: "500.00"}
                      - {charge: compute, model: unit, meter: units, unitPrice: "0.5"}
                  - plan: cheap
                    charges: [{charge: compute, model: unit, meter: units, unitPrice: "0.1"}]
              - version: v2
                effectiveFrom: "2027-01-01T00:00:00Z"
                currency: USD
                plans:
                  - {plan: growth, charges: [{charge: base, model: flat, amount: "600.00"}]}
            subscriptions:
              - {tenant: acme, subscription: acme-main, plan: growth, start: "2026-04-01T00:00:00Z", shadow: [v2],
                 limits: {period: "100.00", onExceed: block, fallback: small-model},
                 period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: acme, subscription: acme-side, plan: cheap, start: "2026-04-01T00:00:00Z",
                 period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """;

    private final TestingRater rater = TestingRater.with(CATALOG).at("2026-04-15T10:00:01Z");
    private final Javalin server = serving(rater);

    @AfterEach
    void stop() {
        server.stop();
        rater.close();
    }

    @Test
    void eachOpenPeriodHasItsLinesTotalProjectionAndShadow() throws Exception {
        rater.use("acme", "units", "2026-04-10T10:00:00Z", "80", "model", "a");

        JsonNode data =
                JSON.readTree(get("/api/v1/tenants/acme/charges").body()).path("data");

        assertThat(data).hasSize(2);
        JsonNode main = data.get(0);
        assertThat(main.path("subscription").asText()).isEqualTo("acme-main");
        assertThat(main.path("period").path("start").asText()).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(main.path("currency").asText()).isEqualTo("USD");
        assertThat(main.path("lines")).hasSize(2);
        assertThat(main.path("lines").get(1).path("amount").asText()).isEqualTo("40.00");
        assertThat(main.path("total").asText()).isEqualTo("540.00");
        assertThat(main.path("projectedTotal").asText()).isEqualTo("580.00"); // half of April is over
        assertThat(main.path("shadow").get(0).path("total").asText()).isEqualTo("600.00");
        assertThat(data.get(1).path("total").asText()).isEqualTo("8.00");
    }

    @Test
    void anUnknownTenantHasNoCharges() throws Exception {
        HttpResponse<String> answer = get("/api/v1/tenants/nobody/charges");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("data")).isEmpty();
    }

    @Test
    void accessIsAllowedUpToTheLimit() throws Exception {
        rater.use("acme", "units", "2026-04-15T10:00:00Z", "180");

        assertThat(get("/api/v1/tenants/acme/access?amount=10.00").statusCode()).isEqualTo(200);
        JsonNode answer =
                JSON.readTree(get("/api/v1/tenants/acme/access?amount=10.00").body());
        assertThat(answer).isEqualTo(JSON.readTree("""
                {"allowed":true,"subscription":"acme-main","spent":"90.00","limit":"100.00","remaining":"10.00"}
                """));
    }

    @Test
    void pastTheLimitAccessIsRefusedWithTheFallback() throws Exception {
        rater.use("acme", "units", "2026-04-15T10:00:00Z", "180");

        HttpResponse<String> refused = get("/api/v1/tenants/acme/access?amount=10.01");

        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(JSON.readTree(refused.body()).path("allowed").asBoolean()).isFalse();
        assertThat(JSON.readTree(refused.body()).path("fallback").asText()).isEqualTo("small-model");
    }

    @Test
    void anotherSubscriptionIsAskedForByItsName() throws Exception {
        rater.use("acme", "units", "2026-04-15T10:00:00Z", "180");

        JsonNode answer = JSON.readTree(
                get("/api/v1/tenants/acme/access?subscription=acme-side").body());

        assertThat(answer.path("spent").asText()).isEqualTo("18.00");
        assertThat(answer.path("limit").isNull()).isTrue();
    }

    @Test
    void whatIsWrongWithAQuestionIsSaid() throws Exception {
        assertThat(get("/api/v1/tenants/acme/access?amount=much").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/tenants/acme/access?subscription=other").statusCode())
                .isEqualTo(404);
        assertThat(get("/api/v1/tenants/nobody/access").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/tenants/secret/charges").statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/tenants/secret/access").statusCode()).isEqualTo(403);
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.port() + path);
        return CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Javalin serving(TestingRater rater) {
        ChargesRoutes routes =
                new ChargesRoutes(rater.charges(), () -> NOW, (context, tenant) -> !tenant.equals("secret"));
        return Javalin.create(config -> {
                    routes.addTo(config.routes);
                    config.routes.exception(
                            RequestRefused.class,
                            (refused, context) ->
                                    context.status(refused.status()).result(refused.detail()));
                })
                .start("127.0.0.1", 0);
    }
}

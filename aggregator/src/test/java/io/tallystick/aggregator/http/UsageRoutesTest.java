package io.tallystick.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.tallystick.aggregator.stream.TestingMeters;
import io.tallystick.aggregator.usage.TestingWindows;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageRoutesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String QUERY = "/api/v1/meters/sum/query";

    private final TestingWindows windows = new TestingWindows();
    private final Javalin server = serving(windows);

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void usageComesInOpenMetersShapeWithTextValues() throws Exception {
        use("2026-04-01T10:00:00Z", "0.1", "gpt", "eu");
        use("2026-04-01T11:00:00Z", "0.2", "gpt", "us");
        use("2026-04-02T00:00:00Z", "9", "gpt", "eu");

        JsonNode answer = JSON.readTree(get(QUERY + "?subject=acme&from=2026-04-01T00:00:00Z"
                        + "&to=2026-04-02T02:00:00%2B02:00&windowSize=DAY&groupBy=model")
                .body());

        assertThat(answer).isEqualTo(JSON.readTree("""
                                {"from":"2026-04-01T00:00:00Z","to":"2026-04-02T00:00:00Z","windowSize":"DAY",
                                 "data":[{"value":"0.3","windowStart":"2026-04-01T00:00:00Z",
                                   "windowEnd":"2026-04-02T00:00:00Z","subject":"acme","groupBy":{"model":"gpt"}}]}
                                """));
    }

    @Test
    void filtersTakeOnlyTheValuesThatAreNamed() throws Exception {
        use("2026-04-01T10:00:00Z", "1", "gpt", "eu");
        use("2026-04-01T10:00:00Z", "2", "gpt", "us");
        use("2026-04-01T10:00:00Z", "4", "claude", "us");

        String query = QUERY + "?subject=acme&filterGroupBy%5Bregion%5D=us";
        assertThat(value(get(query))).isEqualTo("6");
        assertThat(value(get(query + "&filterGroupBy%5Bmodel%5D=gpt"))).isEqualTo("2");
        assertThat(value(get(query + "&filterGroupBy%5Bregion%5D=eu"))).isEqualTo("7");
    }

    @Test
    void csvIsForThoseWhoAcceptIt() throws Exception {
        use("2026-04-01T10:00:00Z", "1.50", "a,\"b\"", "eu");

        HttpResponse<String> answer =
                get(QUERY + "?subject=acme&groupBy=model&groupBy=region&windowSize=HOUR", "Accept", "text/csv");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
        assertThat(answer.body())
                .isEqualTo("window_start,window_end,subject,model,region,value\r\n"
                        + "2026-04-01T10:00:00Z,2026-04-01T11:00:00Z,acme,\"a,\"\"b\"\"\",eu,1.5\r\n");
    }

    @Test
    void anUnknownTenantHasNoUsage() throws Exception {
        HttpResponse<String> answer = get(QUERY + "?subject=nobody");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("data")).isEmpty();
    }

    @Test
    void whatIsWrongWithAQueryIsSaid() throws Exception {
        assertRefused("/api/v1/meters/nothing/query?subject=acme", 404, "there is no meter nothing");
        assertRefused(QUERY, 400, "subject is required");
        assertRefused(QUERY + "?subject=", 400, "subject is required");
        assertRefused(QUERY + "?subject=a&subject=b", 400, "subject is given once");
        assertRefused(QUERY + "?subject=a&from=yesterday", 400, "from is an instant");
        assertRefused(QUERY + "?subject=a&from=2026-04-01T00:30:00Z", 400, "from falls on a whole UTC hour");
        assertRefused(QUERY + "?subject=a&to=2026-04-01T00:00:00.001Z", 400, "to falls on a whole UTC hour");
        assertRefused(QUERY + "?subject=a&from=0000-12-31T00:00:00Z", 400, "from is between the years");
        assertRefused(QUERY + "?subject=a&from=2026-04-01T00:00Z", 400, "from is an instant");
        assertRefused(QUERY + "?subject=a&from=2026-04-01T00:00:00Z&to=2026-04-01T00:00:00Z", 400, "is empty");
        assertRefused(QUERY + "?subject=a&windowSize=WEEK", 400, "windowSize is HOUR, DAY or MONTH");
        assertRefused(QUERY + "?subject=a&windowTimeZone=Mars", 400, "windowTimeZone is a time zone");
        assertRefused(
                QUERY + "?subject=a&windowSize=DAY&windowTimeZone=Asia/Kolkata",
                400,
                "whole hours away from UTC, since totals are kept per UTC hour; Asia/Kolkata is +05:30 away");
        assertRefused(QUERY + "?subject=a&windowSize=MONTH&windowTimeZone=Australia/Lord_Howe", 400, "+10:30 away");
        assertRefused(QUERY + "?subject=a&groupBy=colour", 400, "model, region, but not colour");
        assertRefused(QUERY + "?subject=a&filterGroupBy%5Bcolour%5D=x", 400, "but not colour");
    }

    @Test
    void aTenantThatTheKeyMayNotReadIsForbidden() throws Exception {
        assertRefused(QUERY + "?subject=secret", 403, "may not read tenant secret");
    }

    @Test
    void aStoreThatIsBeingRestoredAnswersWithRetryAfter() throws Exception {
        windows.restoring = true;

        HttpResponse<String> answer = get(QUERY + "?subject=acme");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    }

    @Test
    void aTenantThatAnotherProcessHoldsIsAnsweredFromThere() throws Exception {
        TestingWindows other = new TestingWindows();
        other.add(
                "sum",
                "2026-04-01T10:00:00Z",
                new BigDecimal("5"),
                null,
                Dimensions.of(Map.of("model", "gpt", "region", "a b")));
        Javalin holder = serving(other);
        try {
            windows.holder = Optional.of(URI.create("http://127.0.0.1:" + holder.port()));
            String query = QUERY + "?subject=acme&filterGroupBy%5Bregion%5D=a%20b";

            assertThat(value(get(query))).isEqualTo("5");
            assertThat(get(query, "Accept", "text/csv").body()).endsWith("acme,5\r\n");

            other.holder = Optional.of(URI.create("http://127.0.0.1:" + server.port()));
            assertThat(get(query).statusCode())
                    .as("each takes the other for the holder")
                    .isEqualTo(503);
        } finally {
            holder.stop();
        }
        assertThat(get(QUERY + "?subject=acme").statusCode())
                .as("the holder is gone")
                .isEqualTo(503);
    }

    @Test
    void metersAreListedAsTheCatalogueWritesThem() throws Exception {
        JsonNode answer = JSON.readTree(get("/api/v1/meters").body());

        assertThat(answer.path("data")).hasSize(TestingMeters.ALL.size());
        assertThat(answer.path("next").isNull()).isTrue();
        assertThat(answer.path("data").get(2)).isEqualTo(JSON.readTree("""
                                {"meter":"delta","description":"","eventType":"test","aggregation":"time_weighted",
                                 "value":"$.value","dimensions":{"model":"$.model","region":"$.region"},"where":{},
                                 "unit":"","quantum":null,"perEvent":false,"valueKind":"delta","effectiveFrom":null}
                                """));
    }

    private void use(String time, String value, String model, String region) {
        windows.add("sum", time, new BigDecimal(value), null, Dimensions.of(Map.of("model", model, "region", region)));
    }

    private void assertRefused(String path, int status, String detail) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.body()).as(path).contains(detail);
    }

    private static String value(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("data").path(0).path("value").asText();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Javalin serving(TestingWindows windows) {
        UsageRoutes routes = new UsageRoutes(
                windows,
                () -> new TestingMeters().revision(1, CatalogReader.PATIENCE).catalog(),
                (context, tenant) -> !tenant.equals("secret"));
        return Javalin.create(config -> {
                    routes.addTo(config.routes);
                    config.routes.exception(RequestRefused.class, (refused, context) -> {
                        context.status(refused.status()).result(refused.detail());
                        refused.retryAfterSeconds()
                                .ifPresent(seconds -> context.header("Retry-After", Integer.toString(seconds)));
                    });
                })
                .start("127.0.0.1", 0);
    }
}

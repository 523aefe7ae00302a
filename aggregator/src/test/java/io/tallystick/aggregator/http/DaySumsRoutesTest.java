package io.tallystick.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;

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

class DaySumsRoutesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String DAYS = "/api/v1/meters/sum/days";

    private final TestingWindows windows = new TestingWindows();
    private final Javalin server = serving(windows);

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void daysAreUtcAndSplitAsAskedFor() throws Exception {
        use(windows, "2026-03-31T23:00:00Z", "9", "gpt", "eu");
        use(windows, "2026-04-01T00:00:00Z", "0.1", "gpt", "eu");
        use(windows, "2026-04-01T23:00:00Z", "0.2", "gpt", "us");
        use(windows, "2026-04-01T12:00:00Z", "5", "claude", "us");
        use(windows, "2026-04-02T00:00:00Z", "7", "gpt", "eu");

        assertThat(get(server, DAYS + "?from=2026-04-01T00:00:00Z&to=2026-04-02T00:00:00Z&groupBy=model"))
                .isEqualTo("""
                        {"meter":"sum","data":[\
                        {"day":"2026-04-01","groupBy":{"model":"claude"},"value":"5"},\
                        {"day":"2026-04-01","groupBy":{"model":"gpt"},"value":"0.3"}],"next":null}""");
        assertThat(get(server, DAYS + "?filterGroupBy%5Bregion%5D=us"))
                .isEqualTo(
                        "{\"meter\":\"sum\",\"data\":[{\"day\":\"2026-04-01\",\"groupBy\":{},\"value\":\"5.2\"}],\"next\":null}");
    }

    @Test
    void whatOtherProcessesHoldIsAddedOnce() throws Exception {
        TestingWindows other = new TestingWindows();
        use(other, "2026-04-01T10:00:00Z", "30", "gpt", "eu");
        use(windows, "2026-04-01T10:00:00Z", "12", "gpt", "eu");
        Javalin holder = serving(other);
        try {
            windows.holder = Optional.of(URI.create("http://127.0.0.1:" + holder.port()));

            assertThat(JSON.readTree(get(server, DAYS))
                            .path("data")
                            .path(0)
                            .path("value")
                            .asText())
                    .isEqualTo("42");
        } finally {
            holder.stop();
        }
    }

    @Test
    void aPartThatIsNotThereIsNeverLeftOut() throws Exception {
        TestingWindows other = new TestingWindows();
        other.restoring = true;
        Javalin holder = serving(other);
        windows.holder = Optional.of(URI.create("http://127.0.0.1:" + holder.port()));
        try {
            assertThat(answer(server, DAYS).statusCode()).isEqualTo(503);
        } finally {
            holder.stop();
        }
        assertThat(answer(server, DAYS).statusCode()).isEqualTo(503);
        windows.restoring = true;
        windows.holder = Optional.empty();
        assertThat(answer(server, DAYS).statusCode()).isEqualTo(503);
    }

    @Test
    void onlyMetersThatAddUpHaveDaysOfAllTenants() throws Exception {
        assertThat(answer(server, "/api/v1/meters/count/days").statusCode()).isEqualTo(200);
        assertThat(get(server, "/api/v1/meters/max/days")).contains("for meters that add up", "max is max");
        assertThat(answer(server, "/api/v1/meters/nothing/days").statusCode()).isEqualTo(404);
        assertThat(get(server, DAYS + "?groupBy=colour")).contains("but not colour");
        assertThat(get(server, DAYS + "?partitions=x")).contains("partitions is a list of numbers");
    }

    private static void use(TestingWindows windows, String time, String value, String model, String region) {
        windows.add("sum", time, new BigDecimal(value), null, Dimensions.of(Map.of("model", model, "region", region)));
    }

    private static String get(Javalin server, String path) throws Exception {
        return answer(server, path).body();
    }

    private static HttpResponse<String> answer(Javalin server, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Javalin serving(TestingWindows windows) {
        DaySumsRoutes routes = new DaySumsRoutes(
                windows,
                () -> new TestingMeters().revision(1, CatalogReader.PATIENCE).catalog());
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

package io.tallystick.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.tallystick.aggregator.stream.TestingMeters;
import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.aggregator.usage.ChangedWindow;
import io.tallystick.aggregator.usage.TestingWindows;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UsageStreamRoutesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String TEN = "2026-04-01T10:00:00Z";

    private final TestingWindows windows = new TestingWindows();
    private final ChangeFeed feed = new ChangeFeed();
    private final Javalin server = Javalin.create(config -> {
                new UsageStreamRoutes(
                                feed,
                                windows,
                                () -> new TestingMeters()
                                        .revision(1, CatalogReader.PATIENCE)
                                        .catalog(),
                                (context, tenant) -> !tenant.equals("secret"))
                        .addTo(config.routes);
                config.routes.exception(
                        RequestRefused.class,
                        (refused, context) -> context.status(refused.status()).result(refused.detail()));
            })
            .start("127.0.0.1", 0);

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void totalsArriveAsTheyChange() throws Exception {
        Dimensions eu = Dimensions.of(Map.of("model", "gpt", "region", "eu"));
        Dimensions us = Dimensions.of(Map.of("model", "gpt", "region", "us"));
        windows.add("sum", TEN, new BigDecimal("1.5"), null, eu);
        windows.add("sum", TEN, new BigDecimal("4"), null, us);

        HttpResponse<InputStream> answer = open("acme");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            assertThat(lines.readLine()).startsWith(":");
            awaitListener("acme");

            feed.publish("acme", List.of(new ChangedWindow("sum", HourWindow.hourOf(Instant.parse(TEN)), eu)));

            assertThat(next(lines, "event:")).isEqualTo("total");
            assertThat(JSON.readTree(next(lines, "data:"))).isEqualTo(JSON.readTree("""
                                    {"meter":"sum","value":"1.5","windowStart":"2026-04-01T10:00:00Z",
                                     "windowEnd":"2026-04-01T11:00:00Z","subject":"acme",
                                     "groupBy":{"model":"gpt","region":"eu"}}
                                    """));
        }
    }

    @Test
    void aWindowWhoseEventsAreVoidedArrivesAsZero() throws Exception {
        Dimensions eu = Dimensions.of(Map.of("model", "gpt", "region", "eu"));

        HttpResponse<InputStream> answer = open("acme");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            awaitListener("acme");

            feed.publish("acme", List.of(new ChangedWindow("sum", HourWindow.hourOf(Instant.parse(TEN)), eu)));

            assertThat(JSON.readTree(next(lines, "data:")).get("value").textValue())
                    .isEqualTo("0");
        }
    }

    @Test
    void aTenantThatTheKeyMayNotReadIsForbidden() throws Exception {
        assertThat(open("secret").statusCode()).isEqualTo(403);
    }

    @Test
    void aTenantThatAnotherProcessHoldsIsListenedToThere() throws Exception {
        windows.holder = Optional.of(URI.create("http://127.0.0.1:1"));

        HttpResponse<InputStream> answer = open("acme");

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("http://127.0.0.1:1/api/v1/tenants/acme/usage/stream");
    }

    private HttpResponse<InputStream> open(String tenant) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/tenants/" + tenant + "/usage/stream");
        return CLIENT.send(
                HttpRequest.newBuilder(uri).timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private void awaitListener(String tenant) {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (!feed.isHeard(tenant)) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private static String next(BufferedReader lines, String field) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(field)) {
                return line.substring(field.length()).trim();
            }
        }
        throw new AssertionError("the stream ended in front of " + field);
    }
}

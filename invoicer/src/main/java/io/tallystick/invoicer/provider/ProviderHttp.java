package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends one request, once: no retries of its own, no guesses. */
final class ProviderHttp {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final String base;
    private final Duration timeout;

    ProviderHttp(String base, Duration timeout) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.timeout = timeout;
    }

    /**
     * What was answered.
     *
     * @param status 0 where nothing was
     * @param body missing where it is no JSON
     * @param retryAfterMs the provider's wish, or 0
     * @param shouldRetry what the provider says about it
     * @param problem why nothing was answered, or ""
     */
    record Reply(int status, JsonNode body, long retryAfterMs, Optional<Boolean> shouldRetry, String problem) {

        /** That nothing was answered. */
        static Reply none(String problem) {
            return new Reply(0, MissingNode.getInstance(), 0, Optional.empty(), problem);
        }

        boolean isSuccess() {
            return status / 100 == 2;
        }

        String text(String pointer) {
            return body.at(pointer).asText("");
        }
    }

    Reply get(String path, Map<String, String> headers) throws InterruptedException {
        return send(request(path, headers).GET());
    }

    Reply delete(String path, Map<String, String> headers) throws InterruptedException {
        return send(request(path, headers).DELETE());
    }

    Reply post(String path, Map<String, String> headers, String contentType, String body) throws InterruptedException {
        return send(request(path, headers)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8)));
    }

    private HttpRequest.Builder request(String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
        headers.forEach(request::header);
        return request;
    }

    private Reply send(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Reply(
                    response.statusCode(),
                    parsed(response.body()),
                    retryAfterMs(response),
                    response.headers().firstValue("Stripe-Should-Retry").map(Boolean::parseBoolean),
                    "");
        } catch (IOException e) {
            String problem = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return Reply.none(problem);
        }
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static long retryAfterMs(HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("Retry-After")
                    .map(text -> Math.max(0, Math.min(3600, Long.parseLong(text.trim()))) * 1000)
                    .orElse(0L);
        } catch (NumberFormatException e) { // a date, which no provider here sends
            return 0;
        }
    }
}

package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of a running service, with its problems turned into failures of the command. */
public final class ServiceClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(90);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final String url;
    private final @Nullable String apiKey;

    public ServiceClient(String url, @Nullable String apiKey) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.apiKey = apiKey == null || apiKey.isEmpty() ? null : apiKey;
    }

    public String url() {
        return url;
    }

    /** @param query names and values, neither encoded; null values are left out */
    public JsonNode get(String path, Map<String, ? extends @Nullable Object> query) {
        return get(path, query, Map.of());
    }

    /** @param lists names that may repeat, each with its values */
    public JsonNode get(String path, Map<String, ? extends @Nullable Object> query, Map<String, List<String>> lists) {
        return answer(request(path + encoded(query, lists)).GET());
    }

    public JsonNode post(String path, String contentType, byte[] body) {
        return answer(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    public JsonNode post(String path, Map<String, ? extends @Nullable Object> body) {
        return answer(request(path).header("Content-Type", "application/json").POST(json(body)));
    }

    public JsonNode put(String path, String contentType, byte[] body) {
        return answer(request(path).header("Content-Type", contentType).PUT(BodyPublishers.ofByteArray(body)));
    }

    /** One segment of a path, from text that may hold anything. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + pathAndQuery)).timeout(ANSWER_TIMEOUT);
            if (apiKey != null) {
                request.header("Authorization", "Bearer " + apiKey);
            }
            return request;
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput(
                    "'" + url + "' is not the address of a service (" + e.getMessage() + ")",
                    "write --url as http://HOST:PORT",
                    e);
        }
    }

    private JsonNode answer(HttpRequest.Builder request) {
        HttpResponse<String> response;
        try {
            response = http.send(
                    request.header("Accept", "application/json").build(),
                    BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw Failure.unreachable(
                    "nothing answers at " + url,
                    "start the service with 'tallystick up', or name another with --url",
                    e);
        } catch (IOException e) {
            throw Failure.unreachable(
                    "the service at " + url + " broke off (" + e.getMessage() + ")",
                    "try again, or look at its log",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted while waiting for " + url, "run the command again", e);
        }
        JsonNode body = parsed(response.body());
        if (response.statusCode() >= 400) {
            throw refused(response.statusCode(), body);
        }
        if (body.isMissingNode()) {
            throw Failure.unreachable(url + " answers, but not as Tallystick does", "name the service with --url");
        }
        return body;
    }

    private Failure refused(int status, JsonNode problem) {
        StringJoiner errors = new StringJoiner("; ");
        for (JsonNode error : problem.path("errors")) {
            String path = error.path("path").asText("");
            errors.add(
                    path.isEmpty()
                            ? error.path("message").asText()
                            : path + ": " + error.path("message").asText());
        }
        String detail = problem.path("detail").asText(problem.path("title").asText("no reason given"));
        String said = detail + (errors.length() == 0 ? "" : " (" + errors + ")");
        if (status == 401 || status == 403) {
            return Failure.wrongInput(url + " refuses this key (" + said + ")", "give another with --api-key");
        }
        if (status >= 500 || status == 429) {
            return Failure.unreachable(url + " cannot answer now (" + said + ")", "try again, or look at its log");
        }
        return Failure.wrongInput(said, "correct that and run the command again (" + status + " from " + url + ")");
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static BodyPublisher json(Object body) {
        try {
            return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(Map<String, ? extends @Nullable Object> query, Map<String, List<String>> lists) {
        StringJoiner joiner = new StringJoiner("&", "?", "").setEmptyValue("");
        query.forEach((name, value) -> {
            if (value != null) {
                joiner.add(segment(name) + "=" + segment(value.toString()));
            }
        });
        lists.forEach((name, values) -> values.forEach(value -> joiner.add(segment(name) + "=" + segment(value))));
        return joiner.toString();
    }
}

package io.tallystick.deploy.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The HTTP interface of a running process, as a client of any language would use it. */
public final class Service {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String url;

    public Service(String url) {
        this.url = url;
    }

    /** An answer, whatever its status. */
    public record Answer(int status, String text) {

        public JsonNode json() {
            return parse(text);
        }

        /** The same, or a failure when it is no success. */
        public Answer ok() {
            if (status / 100 != 2) {
                throw new AssertionError(status + ": " + text);
            }
            return this;
        }
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer post(String path, String contentType, String body) {
        return send(request(path)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8)));
    }

    public Answer putCatalog(String yaml) {
        return send(request("/api/v1/catalog")
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(yaml, StandardCharsets.UTF_8)));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new AssertionError("the service does not answer", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Closes what ends by {@code through}, waits for the invoices, and gives them by id. */
    public Map<String, JsonNode> close(Instant through, String tenant) {
        return closed("{\"through\":\"" + through + "\",\"tenant\":\"" + tenant + "\"}");
    }

    /** The same for every tenant. */
    public Map<String, JsonNode> closeAll(Instant through) {
        return closed("{\"through\":\"" + through + "\"}");
    }

    private Map<String, JsonNode> closed(String request) {
        JsonNode closing = post("/api/v1/periods/close", "application/json", request)
                .ok()
                .json()
                .get("closing");
        List<String> ids = new ArrayList<>();
        closing.forEach(one -> ids.add(one.get("invoice").textValue()));
        Map<String, JsonNode> invoices = new TreeMap<>();
        for (String id : ids) {
            invoices.put(id, invoice(id));
        }
        return invoices;
    }

    /** An invoice, once it is there. */
    public JsonNode invoice(String id) {
        return Deadline.within(PATIENCE).await("invoice " + id, () -> {
            Answer answer = get("/api/v1/invoices/" + id);
            return answer.status() == 200 ? answer.json() : null;
        });
    }

    /** The only invoice of a tenant whose one period is closed through {@code through}. */
    public JsonNode closeOne(Instant through, String tenant) {
        Map<String, JsonNode> invoices = close(through, tenant);
        if (invoices.size() != 1) {
            throw new AssertionError("not one period of " + tenant + " is closed but " + invoices.keySet());
        }
        return invoices.values().iterator().next();
    }

    /** The invoices of a tenant, by id. */
    public Map<String, JsonNode> invoices(String tenant) {
        Map<String, JsonNode> invoices = new TreeMap<>();
        get("/api/v1/invoices?tenant=" + encode(tenant))
                .ok()
                .json()
                .get("data")
                .forEach(invoice -> invoices.put(invoice.get("id").textValue(), invoice));
        return invoices;
    }

    /** A usage query. */
    public JsonNode usage(String meter, String tenant, String more) {
        return get("/api/v1/meters/" + meter + "/query?subject=" + encode(tenant) + more)
                .ok()
                .json();
    }

    /** All of a tenant's usage of a meter, as one number; 0 where there is none. */
    public String total(String meter, String tenant) {
        JsonNode data = usage(meter, tenant, "").get("data");
        return data.isEmpty() ? "0" : data.get(0).get("value").textValue();
    }

    /** Waits until a tenant's usage of a meter is {@code value}. */
    public void awaitTotal(String meter, String tenant, String value) {
        Deadline.within(PATIENCE)
                .await(
                        meter + " of " + tenant + " is " + value,
                        () -> total(meter, tenant).equals(value) ? value : null);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}

package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tallystick.deploy.verify.provider.FakeAccount.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A Stripe of our own: a program that answers on loopback, keeps what it is sent, refuses what Stripe's OpenAPI excerpt refuses, and fails on purpose. What
 * it shall do is said below {@code /_fake/}; its clock can be moved. Prints its port.
 */
final class FakeStripe {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REMEMBERED_FOR = Duration.ofHours(24);
    private static final String FIRST_VERSION_WITHOUT_USAGE_RECORDS = "2025-03-31";

    private static final String SESSION = "/v2/billing/meter_event_session";
    private static final String STREAM = "/v2/billing/meter_event_stream";

    private final ProviderSpec current = ProviderSpec.of("stripe-openapi-2026-07-29.dahlia");
    private final ProviderSpec legacy = ProviderSpec.of("stripe-openapi-2024-04-10");
    private final FakeWebhooks webhooks = new FakeWebhooks();
    private final FakeAccount account = new FakeAccount(webhooks);
    private final Map<String, Stored> stored = new HashMap<>();
    private Random random = new Random(0);
    private int dropPercent;
    private int limitPercent;
    private int errorPercent;
    private int slowMs;
    private Duration ahead = Duration.ZERO;
    private final Map<String, ObjectNode> reports = new HashMap<>();
    private final Map<String, Instant> sessions = new HashMap<>();
    private final Map<String, Integer> errors = new HashMap<>();
    private int streamRequests;
    private int requests;
    private int refused;

    /** What was answered under a key. */
    private record Stored(String request, Answer answer, Instant at) {}

    public static void main(String[] arguments) throws IOException {
        FakeStripe fake = new FakeStripe();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/_fake/", fake::control);
        server.createContext("/", fake::handle);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        LockSupport.parkNanos(Duration.ofMillis(slowMs).toNanos());
        Optional<Answer> answer = answer(exchange, body);
        if (answer.isEmpty()) {
            exchange.close(); // done, and not told
            return;
        }
        if (answer.get().status() == 429) {
            exchange.getResponseHeaders().add("Stripe-Rate-Limited-Reason", "global-rate");
        }
        reply(exchange, answer.get().status(), answer.get().body().toString());
    }

    private synchronized Optional<Answer> answer(HttpExchange exchange, String body) {
        requests++;
        if (exchange.getRequestURI().getPath().equals(STREAM)) {
            return streamed(exchange, body);
        }
        String authorization =
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        if (!authorization.startsWith("Bearer sk_test_")) {
            return Optional.of(FakeAccount.error(401, "", "Invalid API Key provided"));
        }
        if (random.nextInt(100) < limitPercent) {
            return Optional.of(FakeAccount.error(429, "rate_limit", "Too many requests"));
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("POST")) {
            return Optional.of(checked(exchange, method, body));
        }
        if (exchange.getRequestURI().getPath().equals(SESSION)) {
            String token = "session-" + requests;
            sessions.put(token, now().plus(Duration.ofMinutes(15)));
            ObjectNode session = JsonNodeFactory.instance
                    .objectNode()
                    .put("authentication_token", token)
                    .put("expires_at", now().plus(Duration.ofMinutes(15)).toString());
            return Optional.of(new Answer(200, session));
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || key.length() > 255) {
            refused++;
            return Optional.of(FakeAccount.error(400, "", "no idempotency key, or one that is too long"));
        }
        String request = method + " " + exchange.getRequestURI() + " " + body;
        Stored before = stored.get(key);
        if (before != null && now().isBefore(before.at().plus(REMEMBERED_FOR))) {
            if (!before.request().equals(request)) {
                refused++;
                return Optional.of(FakeAccount.error(400, "idempotency_error", "another request used this key"));
            }
            return Optional.of(before.answer());
        }
        boolean isBroken = random.nextInt(100) < errorPercent;
        boolean isDoneAllTheSame = random.nextBoolean();
        Answer answer = isBroken && !isDoneAllTheSame
                ? FakeAccount.error(500, "api_error", "something went wrong")
                : checked(exchange, method, body);
        if (isBroken) {
            answer = FakeAccount.error(500, "api_error", "something went wrong");
            errors.merge(exchange.getRequestURI() + " " + body, 1, Integer::sum);
        }
        stored.put(key, new Stored(request, answer, now()));
        return random.nextInt(100) < dropPercent ? Optional.empty() : Optional.of(answer);
    }

    /** Takes a hundred events at once, and says nothing of what is wrong with them. */
    private Optional<Answer> streamed(HttpExchange exchange, String body) {
        streamRequests++;
        String token = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "")
                .replace("Bearer ", "");
        if (!now().isBefore(sessions.getOrDefault(token, Instant.EPOCH))) {
            return Optional.of(FakeAccount.error(401, "", "the session is over"));
        }
        if (random.nextInt(100) < limitPercent) {
            return Optional.of(FakeAccount.error(429, "rate_limit", "Too many requests"));
        }
        boolean isBroken = random.nextInt(100) < errorPercent;
        if (isBroken && random.nextBoolean()) {
            return Optional.of(FakeAccount.error(500, "api_error", "something went wrong"));
        }
        Optional<String> problem = current.jsonProblem("POST", STREAM, body);
        if (problem.isPresent()) {
            refused++;
            return Optional.of(FakeAccount.error(400, "parameter_unknown", problem.get()));
        }
        account.takeStream(ProviderSpec.json(body).get("events"), now());
        if (isBroken) {
            return Optional.of(FakeAccount.error(500, "api_error", "something went wrong"));
        }
        return random.nextInt(100) < dropPercent
                ? Optional.empty()
                : Optional.of(new Answer(200, JsonNodeFactory.instance.objectNode()));
    }

    private Answer checked(HttpExchange exchange, String method, String body) {
        String version = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Stripe-Version"), "");
        ProviderSpec spec = version.compareTo(FIRST_VERSION_WITHOUT_USAGE_RECORDS) < 0 ? legacy : current;
        String path = exchange.getRequestURI().getPath();
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        Optional<String> problem = spec.problem(method, path, query, body);
        if (problem.isPresent()) {
            refused++;
            return FakeAccount.error(400, "parameter_unknown", problem.get());
        }
        ObjectNode report = reports.get(path.replace("/v2/core/events/", ""));
        if (report != null) {
            return new Answer(200, report);
        }
        return account.answer(method, path, ProviderSpec.fields(query), ProviderSpec.fields(body), now());
    }

    /** How often at most one meter event was answered with 500. */
    private int eventErrors() {
        return errors.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("/v1/billing/meter_events "))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    /** Reports a meter event that it had taken. */
    private void drop(int event) {
        String identifier = account.drop(event);
        String id = "evt_dropped" + (reports.size() + 1);
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("id", id);
        ObjectNode data = report.putObject("data").put("developer_message_summary", "There is 1 invalid event");
        ObjectNode reason = data.putObject("reason").put("error_count", 1);
        ObjectNode type = reason.putArray("error_types")
                .addObject()
                .put("code", "no_meter")
                .put("error_count", 1);
        type.putArray("sample_errors")
                .addObject()
                .put("error_message", "No meter counts it")
                .putObject("request")
                .put("identifier", identifier);
        reports.put(id, report);
        webhooks.send(JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", "v2.core.event")
                .put("type", "v1.billing.meter.error_report_triggered")
                .put("created", now().toString()));
    }

    private void control(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonNode wish = body.isEmpty() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
        String answer;
        synchronized (this) {
            answer = switch (exchange.getRequestURI().getPath()) {
                case "/_fake/faults" -> {
                    dropPercent = wish.path("drop").asInt();
                    limitPercent = wish.path("limit").asInt();
                    errorPercent = wish.path("error").asInt();
                    slowMs = wish.path("slowMs").asInt();
                    random = new Random(wish.path("seed").asLong());
                    yield "{}";
                }
                case "/_fake/advance" -> {
                    ahead = ahead.plusHours(wish.path("hours").asLong());
                    yield "{}";
                }
                case "/_fake/pay" -> {
                    account.change(wish.path("invoice").asText(), "pay");
                    yield "{}";
                }
                case "/_fake/void" -> {
                    account.change(wish.path("invoice").asText(), "void");
                    yield "{}";
                }
                case "/_fake/alter" -> {
                    account.alter(wish.path("invoice").asText(), wish.path("by").asLong());
                    yield "{}";
                }
                case "/_fake/counts" ->
                    account.counts()
                            .put("streamRequests", streamRequests)
                            .put("eventErrors", eventErrors())
                            .put("webhooksWaiting", webhooks.waiting())
                            .put("webhooksTaken", webhooks.taken())
                            .toString();
                case "/_fake/drop" -> {
                    drop(wish.path("event").asInt());
                    yield "{}";
                }
                case "/_fake/webhooks" -> {
                    webhooks.set(wish);
                    yield "{}";
                }
                default ->
                    account.state()
                            .put("requests", requests)
                            .put("refused", refused)
                            .toString();
            };
        }
        reply(exchange, 200, answer);
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

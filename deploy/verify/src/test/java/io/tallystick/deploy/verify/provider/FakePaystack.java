package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Paystack of our own: a program that answers on loopback, keeps payment requests and charges, refuses what Paystack's OpenAPI description does not
 * allow, and fails on purpose, told so below {@code /_fake/}. Unlike
 * Stripe it remembers no answers: what is asked twice is done twice, save a charge under a reference that it knows. Prints its port.
 */
final class FakePaystack {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProviderSpec spec = ProviderSpec.of("paystack-openapi-2025-10-24");
    private final List<ObjectNode> requests = new ArrayList<>();
    private final Map<String, ObjectNode> charges = new LinkedHashMap<>();
    private Random random = new Random(0);
    private int dropPercent;
    private int limitPercent;
    private int errorPercent;
    private int lateMs;
    private int refused;

    /** What is told. */
    private record Answer(int status, ObjectNode body) {}

    public static void main(String[] arguments) throws IOException {
        FakePaystack fake = new FakePaystack();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/_fake/", fake::control);
        server.createContext("/", fake::handle);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Optional<Answer> answer = answer(exchange, body);
        if (answer.isEmpty()) {
            exchange.close(); // done, and not told
            return;
        }
        reply(exchange, answer.get().status(), answer.get().body().toString());
    }

    private synchronized Optional<Answer> answer(HttpExchange exchange, String body) throws IOException {
        String authorization =
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        if (!authorization.startsWith("Bearer sk_test_")) {
            return Optional.of(error(401, "Invalid key"));
        }
        if (random.nextInt(100) < limitPercent) {
            return Optional.of(error(429, "Too many requests"));
        }
        if (lateMs > 0 && exchange.getRequestMethod().equals("POST")) {
            String path = exchange.getRequestURI().getPath();
            CompletableFuture.delayedExecutor(lateMs, TimeUnit.MILLISECONDS).execute(() -> arrive(path, body));
            return Optional.empty();
        }
        boolean isBroken = random.nextInt(100) < errorPercent;
        if (isBroken && random.nextBoolean()) {
            return Optional.of(error(500, "something went wrong"));
        }
        String path = exchange.getRequestURI().getPath();
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        Optional<String> problem = exchange.getRequestMethod().equals("POST")
                ? spec.jsonProblem("POST", path, body)
                : spec.problem("GET", path, query, body);
        if (problem.isPresent()) {
            refused++;
            return Optional.of(error(400, problem.get()));
        }
        Answer answer = exchange.getRequestMethod().equals("POST")
                ? asked(path, body.isEmpty() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body))
                : shown(path, query);
        if (isBroken) {
            return Optional.of(error(500, "something went wrong"));
        }
        return random.nextInt(100) < dropPercent ? Optional.empty() : Optional.of(answer);
    }

    /** Carries out what nobody waits for any more. */
    private synchronized void arrive(String path, String body) {
        try {
            asked(path, JSON.readTree(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer asked(String path, JsonNode body) {
        if (path.equals("/paymentrequest")) {
            return request(body);
        }
        if (path.equals("/transaction/charge_authorization")) {
            return charge(body);
        }
        for (ObjectNode one : requests) {
            if (path.equals("/paymentrequest/archive/" + one.get("request_code").asText())) {
                one.put("archived", true);
                return taken(one);
            }
        }
        refused++;
        return error(404, "no such thing: " + path);
    }

    private Answer request(JsonNode body) {
        long amount = 0;
        for (JsonNode line : body.path("line_items")) {
            boolean isRight = line.path("amount").isIntegralNumber()
                    && line.path("amount").asLong() >= 0
                    && line.path("name").isTextual();
            if (!isRight) {
                refused++;
                return error(400, "a line item without a name and a whole amount");
            }
            amount += line.get("amount").asLong() * line.path("quantity").asLong(1);
        }
        boolean isWhole = body.path("amount").asLong() == amount && amount > 0;
        if (!body.path("customer").asText().startsWith("CUS_") || !isWhole) {
            refused++;
            return error(400, "a customer is needed, and line items that come to the amount");
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("request_code", "PRQ_" + (requests.size() + 1));
        request.put("amount", amount);
        request.put("currency", body.path("currency").asText());
        request.put("description", body.path("description").asText());
        request.put("archived", false);
        requests.add(request);
        return taken(request);
    }

    private Answer charge(JsonNode body) {
        String reference = body.path("reference").asText();
        if (!reference.matches("[A-Za-z0-9.=-]+") || !body.path("amount").isIntegralNumber()) {
            refused++;
            return error(400, "an amount and a reference of letters, digits and .=- are needed");
        }
        if (charges.containsKey(reference)) {
            return error(400, "Duplicate Transaction Reference");
        }
        ObjectNode charge = JsonNodeFactory.instance.objectNode();
        charge.put("reference", reference);
        charge.put("amount", body.get("amount").asLong());
        charge.put("currency", body.path("currency").asText());
        boolean isDeclined = body.path("authorization_code").asText().equals("AUTH_declined");
        charge.put("status", isDeclined ? "failed" : "success");
        charge.put("gateway_response", isDeclined ? "Insufficient funds" : "Approved");
        charges.put(reference, charge);
        return taken(charge);
    }

    private Answer shown(String path, String query) {
        if (path.equals("/paymentrequest")) {
            int page = Integer.parseInt(query.replaceAll(".*[&?]?page=([0-9]+).*", "$1"));
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode data = answer.put("status", true).putArray("data");
            requests.stream().skip((page - 1) * 100L).limit(100).forEach(data::add);
            return new Answer(200, answer);
        }
        ObjectNode charge = charges.get(path.substring(path.lastIndexOf('/') + 1));
        return charge == null ? error(404, "Transaction reference not found") : taken(charge);
    }

    private void control(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonNode wish = body.isEmpty() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        synchronized (this) {
            switch (exchange.getRequestURI().getPath()) {
                case "/_fake/faults" -> {
                    dropPercent = wish.path("drop").asInt();
                    limitPercent = wish.path("limit").asInt();
                    errorPercent = wish.path("error").asInt();
                    random = new Random(wish.path("seed").asLong());
                }
                case "/_fake/late" -> lateMs = wish.path("ms").asInt();
                case "/_fake/pay" ->
                    requests.stream()
                            .filter(one -> one.get("request_code").equals(wish.path("invoice")))
                            .forEach(one -> one.put("paid", true).put("status", "success"));
                case "/_fake/refund" ->
                    Objects.requireNonNull(charges.get(wish.path("reference").asText()))
                            .put("status", "reversed");
                case "/_fake/alter" ->
                    Stream.concat(requests.stream(), charges.values().stream())
                            .filter(one -> one.path("request_code").equals(wish.path("invoice"))
                                    || one.path("reference").equals(wish.path("invoice")))
                            .forEach(one -> one.put(
                                    "amount",
                                    one.get("amount").asLong() + wish.path("by").asLong()));
                default -> {
                    answer.set("requests", JSON.valueToTree(requests));
                    answer.set("charges", JSON.valueToTree(charges.values()));
                    answer.put("refused", refused);
                }
            }
        }
        reply(exchange, 200, answer.toString());
    }

    private static Answer taken(ObjectNode data) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("status", true).set("data", data.deepCopy());
        return new Answer(200, answer);
    }

    private static Answer error(int status, String message) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        return new Answer(status, answer.put("status", false).put("message", message));
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

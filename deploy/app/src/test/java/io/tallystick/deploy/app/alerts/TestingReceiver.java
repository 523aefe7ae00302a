package io.tallystick.deploy.app.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver of webhooks that answers as it was told to, 200 at last. */
final class TestingReceiver implements AutoCloseable {

    record Received(String id, long timestamp, List<String> signatures, String body, int answered) {}

    private final HttpServer server;
    private final Deque<Integer> answers = new ArrayDeque<>();
    final List<Received> received = new CopyOnWriteArrayList<>();

    TestingReceiver(Integer... answers) throws IOException {
        this.answers.addAll(List.of(answers));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::take);
        server.start();
    }

    WebhookSettings settings(String... secrets) {
        return WebhookSettings.of(Map.of(
                        "ALERT_WEBHOOK_URL",
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/alerts?of=us")
                                .toString(),
                        "ALERT_WEBHOOK_SECRET",
                        String.join(",", secrets))::get)
                .orElseThrow();
    }

    List<String> taken() {
        return received.stream()
                .filter(each -> each.answered == 200)
                .map(Received::id)
                .toList();
    }

    private synchronized void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int answer = answers.isEmpty() ? 200 : answers.remove();
        received.add(new Received(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                Long.parseLong(exchange.getRequestHeaders().getFirst("webhook-timestamp")),
                List.of(exchange.getRequestHeaders()
                        .getFirst("webhook-signature")
                        .split(" ")),
                body,
                answer));
        if (answer > 0) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(answer, -1);
        }
        exchange.close(); // without an answer: the connection breaks off
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package io.tallystick.deploy.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.config.RoutesConfig;
import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.event.RequestRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServerTest {

    private static final String KEYS = """
            keys:
              - {name: ops, key: ops-key, role: operator}
              - {name: gate, keySha256: 2ecdda0fa468a95225e6309a105b7cc045e85013482364c03609a18eb7180c21, role: producer}
              - {name: acme-reader, key: acme-key, role: reader, tenants: [acme]}
              - {name: auditor, key: audit-key, role: reader}
            """;

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics();
    private HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        metrics.close();
    }

    @Test
    void answersRefusedRequestsAsProblems() throws Exception {
        start(null);

        HttpResponse<String> answer = get("/refused", null);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        assertThat(answer.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Unprocessable\",\"status\":422,\"detail\":\"two things\","
                                + "\"errors\":[{\"path\":\"a.b\",\"message\":\"is missing\"}]}");
    }

    @Test
    void answersUnknownPathsAndMethodsAsProblems() throws Exception {
        start(null);

        assertThat(get("/nowhere", null))
                .matches(
                        answer -> answer.statusCode() == 404 && answer.body().contains("there is nothing at /nowhere"));
        HttpResponse<String> wrongMethod = send(request("/refused", null).DELETE());
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.body()).contains("/refused does not take DELETE");
        assertThat(wrongMethod.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void saysNothingOfTheInsideWhenItHasABug() throws Exception {
        start(null);

        HttpResponse<String> answer = get("/bug", null);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("Internal error").doesNotContain("secret", "Exception");
    }

    @Test
    void takesBodiesOfEightMebibytesAndRefusesLargerOnes() throws Exception {
        start(null);
        byte[] limit = new byte[8 * 1024 * 1024];
        byte[] above = new byte[8 * 1024 * 1024 + 1];

        assertThat(post("/api/v1/events", null, limit).body()).isEqualTo("8388608");
        assertThat(post("/api/v1/events", null, above).statusCode()).isEqualTo(413);
        HttpResponse<String> unannounced = send(request("/api/v1/events", null)
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(above))));
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(unannounced.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void answersBrokenRequestsAsProblems() throws Exception {
        start(null);
        URI address = URI.create(server.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
        }
    }

    @Test
    void needsAKeyForEverythingButHealth() throws Exception {
        start(keys());

        assertThat(get("/health/live", null).statusCode()).isEqualTo(200);
        assertThat(get("/metrics", null).statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "wrong").statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "ops-key").body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void letsProducersOnlySend() throws Exception {
        start(keys());

        assertThat(post("/api/v1/events", "gate-key", new byte[1]).statusCode()).isEqualTo(200);
        assertThat(get("/metrics", "gate-key").statusCode()).isEqualTo(403);
        assertThat(post("/api/v1/events", "audit-key", new byte[1]).statusCode())
                .isEqualTo(403);
    }

    @Test
    void showsABoundReaderOnlyItsTenants() throws Exception {
        start(keys());

        assertThat(get("/api/v1/tenants/acme/charges", "acme-key").body()).isEqualTo("acme true");
        assertThat(get("/api/v1/tenants/globex/charges", "acme-key").statusCode())
                .isEqualTo(403);
        assertThat(get("/api/v1/tenants/%61cme/charges", "acme-key").statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/tenants/glob%65x/charges", "acme-key").statusCode())
                .isEqualTo(403);
        assertThat(get("/api/v1/meters/m/query?subject=globex", "acme-key").statusCode())
                .isEqualTo(403);
        assertThat(get("/metrics", "acme-key").statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/ingest/accounting", "acme-key").statusCode()).isEqualTo(403);
        assertThat(get("/metrics/", "acme-key").statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/tenants/globex/charges", "audit-key").body()).isEqualTo("globex true");
    }

    @Test
    void refusesToListenBeyondLoopbackWithoutKeys() {
        assertThatThrownBy(() -> HttpServer.start("0.0.0.0", 0, null, metrics, () -> true, List.of()))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.exitStatus()).isEqualTo(2))
                .hasMessageContaining("--keys");
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() ->
                            HttpServer.start("127.0.0.1", taken.getLocalPort(), null, metrics, () -> true, List.of()))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    @Test
    void namesThePlaceOfAMistakeInTheKeyFile() throws IOException {
        Path file = Files.writeString(directory.resolve("keys.yaml"), "keys: [{key: a, role: boss}]");

        assertThatThrownBy(() -> ApiKeys.read(file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("keys[0].role is producer, reader or operator");
    }

    private ApiKeys keys() throws IOException {
        return ApiKeys.read(Files.writeString(directory.resolve("keys.yaml"), KEYS));
    }

    /** Anybody can send these, so they are neither an error of ours nor worth a line in the log. */
    @Test
    void aBodyThatIsNotWhatItsHeadersSayIsTheCallersFault() throws Exception {
        start(null);

        assertThat(raw("Transfer-Encoding: chunked\r\n\r\nZZ\r\n")).contains(" 400 ");
        assertThat(raw("Content-Length: 500\r\n\r\n{\"a\":1")).doesNotContain(" 500 ");
    }

    /** The answer to a request whose body is cut off where {@code rest} ends. */
    private String raw(String rest) throws IOException {
        URI address = URI.create(server.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/events HTTP/1.1\r\nHost: x\r\n" + rest).getBytes(StandardCharsets.UTF_8));
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void start(ApiKeys keys) {
        server = HttpServer.start("127.0.0.1", 0, keys, metrics, () -> true, List.of(HttpServerTest::routes));
    }

    private static void routes(RoutesConfig routes) {
        routes.get("/refused", context -> {
            throw new RequestRefused(
                    422, "Unprocessable", "two things", List.of(new CatalogError("a.b", "is missing")), 7);
        });
        routes.get("/bug", context -> {
            throw new IllegalStateException("secret");
        });
        routes.post("/api/v1/events", context -> context.result("" + context.bodyAsBytes().length));
        routes.get(
                "/api/v1/tenants/{t}/charges",
                context ->
                        context.result(context.pathParam("t") + " " + Access.mayRead(context, context.pathParam("t"))));
        routes.get("/api/v1/meters/{m}/query", context -> context.result("[]"));
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return send(request(path, key).GET());
    }

    private HttpResponse<String> post(String path, String key, byte[] body) throws Exception {
        return send(request(path, key).POST(BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}

package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingUp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose broker stands still: what fits waits, everybody else is told to come back, and nothing acknowledged is missing. */
class BackPressureIT {

    private static final int REQUESTS = 200;
    private static final int WAITING_MAX = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void aBrokerThatStandsStillMakesTheGatewayRefuseAndNotBreak() throws Exception {
        try (TestingUp broker = TestingUp.start("pressure-broker", directory.resolve("broker"), "--partitions", "1");
                TestingUp gateway = TestingUp.startWith(
                        "pressure",
                        List.of(
                                "run",
                                "ingest",
                                "--kafka",
                                broker.bootstrap(),
                                "--space",
                                "pressure",
                                "--partitions",
                                "1",
                                "--port",
                                "0",
                                "--data",
                                directory.resolve("gateway").toString()))) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            assertThat(client.send(event(gateway, -1), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(202);

            signal("STOP", broker.pid());
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            try {
                for (int i = 0; i < REQUESTS; i++) {
                    answers.add(client.sendAsync(event(gateway, i), HttpResponse.BodyHandlers.ofString()));
                }
                Deadline.within(PATIENCE)
                        .await(
                                "what does not fit is answered",
                                () -> done(answers) >= REQUESTS - WAITING_MAX ? true : null);
                assertThat(gateway.service().get("/health/live").status()).isEqualTo(200);
            } finally {
                signal("CONT", broker.pid());
            }

            int accepted = 0;
            for (CompletableFuture<HttpResponse<String>> one : answers) {
                HttpResponse<String> answer = one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (answer.statusCode() == 202) {
                    accepted++;
                } else {
                    assertThat(answer.statusCode()).isIn(429, 503);
                    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                    assertThat(answer.body()).contains("\"status\":" + answer.statusCode());
                }
            }
            System.out.printf("back-pressure: %d of %d accepted%n", accepted, REQUESTS);
            assertThat(accepted).isBetween(1, WAITING_MAX);
            assertThat(client.send(event(gateway, REQUESTS), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(202);
            assertThat(EventLog.count(broker.bootstrap(), "pressure.usage.events"))
                    .isGreaterThanOrEqualTo(accepted + 2);
        }
    }

    private static long done(List<CompletableFuture<HttpResponse<String>>> answers) {
        return answers.stream().filter(CompletableFuture::isDone).count();
    }

    private static HttpRequest event(TestingUp gateway, int id) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/api/v1/events"))
                .header("Content-Type", "application/cloudevents+json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"" + id
                                + "\",\"subject\":\"acme\"}"))
                .build();
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}

package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP gateway at its worst moments: what it said 202 to is in the log, however it ended. */
class GatewayIT {

    private static final int CLIENTS = 8;
    private static final int ACKNOWLEDGED_FIRST = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path data;

    /** Clients that send one event after the other until nobody answers any more. */
    private static final class Load {
        private final String url;
        private final String name;
        private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger broken = new AtomicInteger();
        private final List<Thread> clients = new ArrayList<>();

        Load(String url, String name) {
            this.url = url;
            this.name = name;
            for (int client = 0; client < CLIENTS; client++) {
                String prefix = name + "-" + client + "-";
                Thread thread = new Thread(() -> send(prefix), prefix);
                clients.add(thread);
                thread.start();
            }
        }

        private void send(String prefix) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            for (int i = 0; ; i++) {
                String id = prefix + i;
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/events"))
                        .header("Content-Type", "application/cloudevents+json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"specversion\":\"1.0\",\"type\":\"gateway.used\",\"source\":\"/gateway\",\"id\":\""
                                        + id + "\",\"subject\":\"" + name + "\",\"data\":{\"units\":1}}"))
                        .timeout(PATIENCE)
                        .build();
                try {
                    int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    if (status == 202) {
                        acknowledged.add(id);
                    } else {
                        refused.incrementAndGet();
                    }
                } catch (java.net.ConnectException e) {
                    return;
                } catch (IOException e) {
                    broken.incrementAndGet();
                } catch (InterruptedException e) {
                    throw new AssertionError("interrupted", e);
                }
            }
        }

        void awaitAcknowledged() {
            Deadline.within(PATIENCE)
                    .await(
                            ACKNOWLEDGED_FIRST + " events",
                            () -> acknowledged.size() >= ACKNOWLEDGED_FIRST ? true : null);
        }

        Set<String> awaitEnd() throws InterruptedException {
            for (Thread client : clients) {
                client.join(PATIENCE.toMillis());
                assertThat(client.isAlive()).isFalse();
            }
            System.out.printf(
                    "gateway: %s, %d acknowledged, %d refused, %d broken off%n",
                    name, acknowledged.size(), refused.get(), broken.get());
            return acknowledged;
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAnyEnd() throws Exception {
        try (TestingUp up = TestingUp.start("gateway", data)) {
            up.service()
                    .putCatalog(
                            "meters: [{meter: gateway_units, eventType: gateway.used, aggregation: sum, value: $.units}]")
                    .ok();

            Load terminated = new Load(up.url(), "terminated");
            terminated.awaitAcknowledged();
            assertThat(up.stop()).isZero();
            Set<String> acknowledged = new TreeSet<>(terminated.awaitEnd());
            up.start();

            Load killed = new Load(up.url(), "killed");
            killed.awaitAcknowledged();
            up.kill();
            acknowledged.addAll(killed.awaitEnd());
            up.start();

            try (EventLog log = new EventLog(up.bootstrap())) {
                Set<String> logged = new TreeSet<>();
                log.forEach(Topics::usageEvents, record -> logged.add(idOf(record.value())));
                assertThat(logged).containsAll(acknowledged);
                Accounting accounting = Deadline.within(PATIENCE).await("all are read", () -> {
                    Accounting now = new Accounting(log, up.service());
                    return now.accepted() == logged.size() ? now : null;
                });
                accounting.check();
                assertThat(accounting.forwarded())
                        .as("the gateway keys by tenant")
                        .isZero();
            }
        }
    }

    private static String idOf(byte[] event) {
        try {
            JsonNode tree = new JsonMapper().readTree(event);
            return tree.get("id").textValue();
        } catch (IOException e) {
            throw new AssertionError("not what was sent", e);
        }
    }
}

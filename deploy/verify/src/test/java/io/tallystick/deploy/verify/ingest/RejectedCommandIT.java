package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters from the command line, and what a process says of them in its metrics. */
class RejectedCommandIT {

    private static final String METER =
            "{meter: redriven_%s, eventType: redriven.%s, aggregation: sum, value: $.units}";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path data;

    @Test
    void whatAMendedCatalogueTakesIsSentAgainOnce() throws Exception {
        try (TestingUp up = TestingUp.start("rejected", data);
                EventLog log = new EventLog(up.bootstrap())) {
            up.service()
                    .putCatalog("meters: [" + METER.formatted("early", "early") + "]")
                    .ok();
            log.send("acme", null, event("early", "1"));
            for (String id : List.of("2", "3", "3", "4")) {
                log.send(null, null, event("late", id)); // two of them the same
            }
            log.send("acme", null, "x".repeat(2 << 20).getBytes(StandardCharsets.UTF_8));
            log.flush();

            Deadline.within(PATIENCE).await("five dead letters", () -> {
                JsonNode there =
                        up.service().get("/api/v1/rejected").ok().json().get("data");
                return there.size() == 5 ? true : null;
            });
            List<String> reasons = new ArrayList<>();
            json(rejected(up, "list", "--json"))
                    .get("data")
                    .forEach(letter -> reasons.add(letter.get("reason").textValue()));
            assertThat(reasons).containsOnly("unknown_type", "too_large").containsOnlyOnce("too_large");
            TestingCommand table = rejected(up, "list", "--reason", "too_large");
            assertThat(table.output()).contains("too_large", "usage.events", "1048576");
            assertThat(rejected(up, "list", "--reason", "bad_luck").exit()).isEqualTo(2);

            assertThat(rejected(up, "redrive").output())
                    .as("nothing is mended yet")
                    .contains("sent 0 events");
            up.service()
                    .putCatalog("meters: [" + METER.formatted("late", "late") + "]")
                    .ok();
            JsonNode redriven = json(rejected(up, "redrive", "--json"));
            assertThat(redriven.get("sent").intValue()).isEqualTo(4);
            assertThat(redriven.get("skipped").intValue()).isEqualTo(1);
            up.service().awaitTotal("redriven_late", "acme", "3");

            assertThat(rejected(up, "redrive").output()).as("a second time").contains("sent 0 events");
            Accounting accounting = Deadline.within(PATIENCE).await("what was sent is read", () -> {
                Accounting now = new Accounting(log, up.service());
                return now.read() == 10 && now.forwarded() == now.received() ? now : null;
            });
            accounting.check();
            assertThat(accounting.accepted()).isEqualTo(4);
            assertThat(accounting.duplicates()).isEqualTo(1);
            assertThat(accounting.rejected()).isEqualTo(5);
            assertThat(up.service().total("redriven_late", "acme")).isEqualTo("3");
            metricsSayTheSame(up, accounting);
        }
    }

    private static void metricsSayTheSame(TestingUp up, Accounting accounting) {
        Map<String, Double> metrics = new TreeMap<>();
        up.service().get("/metrics").ok().text().lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            if (line.startsWith("tallystick_ingest")) {
                metrics.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        });
        assertThat(metrics)
                .containsEntry("tallystick_ingest_events_total{outcome=\"read\"}", (double) accounting.read())
                .containsEntry("tallystick_ingest_events_total{outcome=\"accepted\"}", (double) accounting.accepted())
                .containsEntry(
                        "tallystick_ingest_events_total{outcome=\"duplicate\"}", (double) accounting.duplicates())
                .containsEntry("tallystick_ingest_events_total{outcome=\"rejected\"}", (double) accounting.rejected())
                .containsEntry("tallystick_ingest_events_total{outcome=\"misrouted\"}", (double) accounting.forwarded())
                .containsEntry("tallystick_ingest_events_total{outcome=\"received\"}", (double) accounting.received())
                .containsEntry(
                        "tallystick_ingest_misrouted_share", accounting.forwarded() / (double) accounting.read());
    }

    private static TestingCommand rejected(TestingUp up, String... arguments) {
        List<String> command = new ArrayList<>(List.of("rejected"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--url", up.url()));
        return TestingCommand.run(command.toArray(String[]::new));
    }

    private static JsonNode json(TestingCommand command) throws Exception {
        assertThat(command.exit()).as(command.errors()).isZero();
        return new JsonMapper().readTree(command.output());
    }

    private static byte[] event(String type, String id) {
        return ("{\"specversion\":\"1.0\",\"type\":\"redriven." + type + "\",\"source\":\"s\",\"id\":\"" + id
                        + "\",\"subject\":\"acme\",\"data\":{\"units\":1}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}

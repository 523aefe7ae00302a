package io.tallystick.deploy.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.app.cli.Tallystick;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process with everything in it, used as its users do. */
class NodeTest {

    private static final String CATALOG = """
            meters:
              - {meter: units, eventType: job.done, aggregation: sum, value: $.units}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: hybrid
                    charges:
                      - {charge: base, model: flat, amount: "500.00"}
                      - {charge: compute, model: unit, meter: units, unitPrice: "0.05"}
            subscriptions:
              - tenant: acme
                plan: hybrid
                start: "2026-04-01T00:00:00Z"
                end: "2026-05-01T00:00:00Z"
                period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static Node node;
    private static ServiceClient service;

    @BeforeAll
    static void start() {
        node = Node.start(settings(directory.resolve("data"), null));
        service = new ServiceClient(node.url(), null);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void isReadyWhenItHasStarted() {
        assertThat(service.get("/health/ready", Map.of()).path("status").asText())
                .isEqualTo("ready");
        assertThat(service.get("/api/v1/info", Map.of()).path("kafka").asText()).isEqualTo(node.bootstrap());
    }

    @Test
    void appliesACatalogueOnceHoweverOftenItIsAsked() {
        apply(CATALOG);
        JsonNode again = apply(CATALOG);

        assertThat(again.path("changes")).isEmpty();
        JsonNode standing = service.get("/api/v1/catalog", Map.of());
        assertThat(standing.path("hash")).isEqualTo(again.path("hash"));
        assertThat(standing.path("meters").get(0).path("meter").asText()).isEqualTo("units");
    }

    @Test
    void refusesAWrongCatalogueWithEveryErrorAndItsPath() {
        assertThatThrownBy(() -> apply("meters: [{meter: BAD}]"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("meters[0].meter: ")
                .hasMessageContaining("meters[0].eventType: is missing");
    }

    @Test
    void refusesToChangeAVersionThatIsEffective() {
        apply(CATALOG);

        assertThatThrownBy(() -> apply(CATALOG.replace("500.00", "400.00")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("409");
        assertThat(service.get("/api/v1/catalog", Map.of()).toString())
                .contains("500.00")
                .doesNotContain("400.00");
    }

    @Test
    void countsWhatTheCommandLineSends() throws Exception {
        apply(CATALOG);
        Path events = Files.writeString(directory.resolve("events.jsonl"), """
                {"specversion":"1.0","id":"1","source":"/t","type":"job.done","subject":"globex","data":{"units":"0.1"}}
                {"specversion":"1.0","id":"2","source":"/t","type":"job.done","subject":"globex","data":{"units":0.2}}
                {"specversion":"1.0","id":"2","source":"/t","type":"job.done","subject":"globex","data":{"units":0.2}}
                not an event
                """);

        assertThat(command("send", events.toString()))
                .isEqualTo("sent 4 events to usage.events at " + node.bootstrap() + ", 1 of them no JSON objects\n");
        assertThat(command("send", "--mode", "binary", "--key", "none", events.toString()))
                .startsWith("sent 4 events");

        JsonNode usage = await(
                () -> service.get("/api/v1/meters/units/query", Map.of("subject", "globex")),
                answer -> answer.path("data").path(0).path("value").asText().equals("0.3"));
        assertThat(usage.path("data")).hasSize(1);
        await(
                () -> service.get("/api/v1/ingest/accounting", Map.of()),
                answer -> sum(answer, "read") == 8 && sum(answer, "rejected") == 2);
        assertThat(command("rejected", "list")).contains("not_a_cloud_event");
        assertThat(command("usage", "units", "--tenant", "globex")).contains("0.3");
    }

    @Test
    void closesAPeriodIntoAnInvoice() {
        apply(CATALOG);

        assertThat(command("close", "--through", "2026-05-01T00:00:00Z", "--tenant", "acme"))
                .contains("acme");
        JsonNode invoices = await(
                () -> service.get("/api/v1/invoices", Map.of("tenant", "acme")),
                answer -> !answer.path("data").isEmpty());

        assertThat(invoices.path("data").get(0).path("total").asText()).isEqualTo("500.00");
        assertThat(command("invoice", "acme-2026-04-01")).contains("INV-2026-04-acme-1", "500.00", "digest sha256:");
        assertThat(command("close", "--through", "2026-05-01T00:00:00Z")).contains("no period to close");
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        assertThatThrownBy(() -> Node.start(settings(directory.resolve("data"), null)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("in use by another process");
    }

    @Test
    void keepsThePartitionCountThatASpaceWasCreatedWith() {
        NodeSettings settings = settings(directory.resolve("other"), node.bootstrap());

        try (Node other = Node.start(settings)) { // takes the partitions that are there, whatever it was told
            assertThat(new ServiceClient(other.url(), null)
                            .get("/api/v1/info", Map.of())
                            .path("partitions")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void doesNotStartInASpaceThatIsOnlyHalfMigrated() throws Exception {
        Space half = new Space("half");
        Topic mark = new Topics(half, 2).unfinishedMigration();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrap()))) {
            TopicCreation.create(admin, List.of(new NewTopic(mark.name(), Optional.of(1), Optional.empty())));

            assertThatThrownBy(() -> Node.start(settings(directory.resolve("half"), node.bootstrap(), half)))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("space half")
                    .hasMessageContaining("--discard-unfinished");
            assertThat(admin.listTopics().names().get()).doesNotContain("half.usage.events");
        }
    }

    private static NodeSettings settings(Path data, String kafka) {
        return settings(data, kafka, Space.DEFAULT);
    }

    private static NodeSettings settings(Path data, String kafka, Space space) {
        return new NodeSettings(
                kafka == null ? EnumSet.allOf(Role.class) : EnumSet.of(Role.RATER),
                data,
                "127.0.0.1",
                0,
                null,
                kafka,
                0,
                Duration.ofHours(1),
                space,
                kafka == null ? 2 : 7,
                ClosingSchedule.MANUAL,
                null,
                null,
                MemorySizes.DEFAULT,
                ProviderSettings.none());
    }

    private static JsonNode apply(String catalog) {
        return service.put("/api/v1/catalog", "application/yaml", catalog.getBytes(StandardCharsets.UTF_8));
    }

    private static String command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = node.url();
        assertThat(Tallystick.run(new PrintWriter(out, true), new PrintWriter(err, true), all))
                .as(err.toString())
                .isZero();
        return out.toString();
    }

    private static long sum(JsonNode accounting, String count) {
        long sum = 0;
        for (JsonNode partition : accounting.path("partitions")) {
            sum += partition.path(count).asLong()
                    + (count.equals("read")
                            ? 0
                            : partition.path("received").path(count).asLong());
        }
        return sum;
    }

    private static JsonNode await(Supplier<JsonNode> question, Predicate<JsonNode> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode answer = question.get();
            if (condition.test(answer)) {
                return answer;
            }
            assertThat(System.nanoTime())
                    .as("not within %s: %s", PATIENCE, answer)
                    .isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}

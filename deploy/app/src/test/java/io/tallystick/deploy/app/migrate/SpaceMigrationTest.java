package io.tallystick.deploy.app.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.app.cli.Tallystick;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.replay.KafkaLog;
import io.tallystick.deploy.app.role.ClosingSchedule;
import io.tallystick.deploy.app.role.MemorySizes;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import io.tallystick.deploy.app.role.Role;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.Receipt.Kind;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A space with bills that go to a provider, moved; and one that is damaged, refused. */
class SpaceMigrationTest {

    private static final Topics OLD = new Topics(Space.DEFAULT, 2);
    private static final List<String> TENANTS = List.of("a", "b", "c", "d");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private String bootstrap;

    @Test
    void whatWasSentAndWhatWasNotIsKnownInTheNewSpaceAndDamageOfTheOldOneIsNamedByItsPlace() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Ports.free(), Duration.ofHours(1));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            bootstrap = kafka.bootstrap();
            bill();
            Map<String, DeliveryState> before = states(Space.DEFAULT);
            assertThat(before).hasSize(TENANTS.size());
            happened(before, "a", Kind.DELIVERED);
            happened(before, "b", Kind.SENDING);
            happened(before, "c", Kind.FAILED);

            Run moved = migrate("wide", 5);

            assertThat(moved.exit()).as(moved.text()).isZero();
            assertThat(moved.text()).contains("4 invoices, 4 deliveries, ", "identical", "2 deliveries are not over");
            Map<String, DeliveryState> after = states(new Space("wide"));
            assertThat(after).isEqualTo(states(Space.DEFAULT));
            assertThat(statuses(after))
                    .containsExactly(
                            Map.entry("a", Status.DELIVERED),
                            Map.entry("b", Status.SENT),
                            Map.entry("c", Status.FAILED),
                            Map.entry("d", Status.PENDING));

            assertDamageIsNamed(OLD.usageAccepted().name(), null);
            assertDamageIsNamed(OLD.billingReceipts().name(), null);
            assertDamageIsNamed(OLD.billingDeliveries().name(), junk());
            assertDamageIsNamed(OLD.billingInvoices().name(), junk());
            assertDamageIsNamed(OLD.billingCatalog().name(), null);
            assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith("other."));
        }
    }

    /** One finalized invoice of each tenant, in a process that has no provider's key. */
    private void bill() {
        StringBuilder catalog = new StringBuilder("""
                meters:
                  - {meter: moved_units, eventType: used, aggregation: sum, value: $.units}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans: [{plan: p, charges: [{charge: base, model: flat, amount: "10.00"}]}]
                subscriptions:
                """);
        for (String tenant : TENANTS) {
            catalog.append("  - {tenant: ")
                    .append(tenant)
                    .append(
                            ", plan: p, start: \"2026-04-01T00:00:00Z\", end: \"2026-05-01T00:00:00Z\", period: {every: P1M, anchor: \"2026-04-01T00:00:00Z\", timezone: UTC}, provider: {name: stripe, mode: invoice, customer: cus_")
                    .append(tenant)
                    .append("}}\n");
        }
        try (Node node = Node.start(settings())) {
            ServiceClient service = new ServiceClient(node.url(), null);
            service.put(
                    "/api/v1/catalog", "application/yaml", catalog.toString().getBytes(StandardCharsets.UTF_8));
            service.post("/api/v1/periods/close", Map.of("through", "2026-05-01T00:00:00Z"));
            await(() -> invoices(service).size() == TENANTS.size());
            invoices(service)
                    .forEach(invoice -> service.post(
                            "/api/v1/invoices/" + invoice.path("id").asText() + "/finalize", Map.of()));
            await(() -> states(Space.DEFAULT).size() == TENANTS.size());
        }
    }

    private NodeSettings settings() {
        return new NodeSettings(
                EnumSet.allOf(Role.class),
                directory.resolve("node"),
                "127.0.0.1",
                0,
                null,
                bootstrap,
                0,
                Duration.ofHours(1),
                Space.DEFAULT,
                OLD.partitions(),
                ClosingSchedule.MANUAL,
                null,
                null,
                MemorySizes.DEFAULT,
                ProviderSettings.none());
    }

    private static JsonNode invoices(ServiceClient service) {
        return service.get("/api/v1/invoices", Map.of()).path("data");
    }

    /** As the workers of all partitions see them. */
    private Map<String, DeliveryState> states(Space space) {
        Map<String, DeliveryState> states = new TreeMap<>();
        try (KafkaLog log = KafkaLog.open(bootstrap, space)) {
            for (int partition = 0; partition < log.topics().partitions(); partition++) {
                states.putAll(OpenDeliveries.states(log, partition));
            }
        }
        return states;
    }

    private static Map<String, Status> statuses(Map<String, DeliveryState> states) {
        Map<String, Status> statuses = new TreeMap<>();
        states.values().forEach(state -> statuses.put(state.delivery().tenant(), state.status()));
        return statuses;
    }

    /** All steps of a tenant's delivery up to one end. */
    private void happened(Map<String, DeliveryState> states, String tenant, Kind end) throws Exception {
        DeliveryState state = states.values().stream()
                .filter(one -> one.delivery().tenant().equals(tenant))
                .findFirst()
                .orElseThrow();
        int last = end == Kind.DELIVERED ? state.delivery().steps().size() - 1 : 0;
        for (int step = 0; step < last; step++) {
            write(receipt(state, Kind.ACCEPTED, step));
        }
        write(receipt(state, end, last));
    }

    private static Receipt receipt(DeliveryState state, Kind kind, int step) {
        return new Receipt(
                state.delivery().tenant(),
                state.delivery().id(),
                kind,
                step,
                0,
                Instant.parse("2026-05-02T00:00:00Z"),
                200,
                "",
                "in_" + step,
                "");
    }

    private void write(ReceiptRecord receipt) throws Exception {
        byte[] tenant = receipt.tenant().getBytes(StandardCharsets.UTF_8);
        write(
                OLD.billingReceipts().name(),
                TenantPartitioner.partitionOf(tenant, OLD.partitions()),
                tenant,
                TopicCodecs.RECEIPTS.encode(receipt));
    }

    private long write(String topic, int partition, byte[] key, byte @Nullable [] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, partition, key, value))
                    .get()
                    .offset();
        }
    }

    private static byte[] junk() {
        return "{}".getBytes(StandardCharsets.UTF_8);
    }

    private void assertDamageIsNamed(String topic, byte @Nullable [] value) throws Exception {
        long offset = write(topic, 0, "a".getBytes(StandardCharsets.UTF_8), value);

        Run refused = migrate("other", 3);

        assertThat(refused.exit()).as(refused.text()).isEqualTo(1);
        assertThat(refused.text())
                .contains(topic + " 0@" + offset + " cannot be read")
                .doesNotContain("null");
    }

    private record Run(int exit, String text) {}

    private Run migrate(String space, int partitions) {
        StringWriter text = new StringWriter();
        PrintWriter printed = new PrintWriter(text, true);
        int exit = Tallystick.run(
                printed,
                printed,
                "migrate",
                "--kafka",
                bootstrap,
                "--to-space",
                space,
                "--partitions",
                Integer.toString(partitions));
        return new Run(exit, text.toString());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within %s", PATIENCE).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}

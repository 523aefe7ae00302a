package io.tallystick.deploy.verify.close;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands in front of a close marker is on the invoice, what stands behind it is late; and every invoice is a function of
 * the log: it comes out the same without any store, and in a space that has nothing but what was accepted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CloseBoundaryIT {

    private static final List<String> TENANTS = List.of("close-a", "close-b", "close-c");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String CATALOG = """
            meters:
              - {meter: close_units, eventType: close.used, aggregation: sum, value: $.units, dimensions: {kind: $.kind}}
            pricing:
              - version: close_v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: EUR
                plans:
                  - plan: close_plan
                    charges:
                      - {charge: base, model: flat, amount: "10.00"}
                      - {charge: units, model: unit, meter: close_units, unitPrice: "0.01"}
            subscriptions:
              - {tenant: close-a, plan: close_plan, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: close-b, plan: close_plan, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: close-c, plan: close_plan, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """;

    @TempDir // static: instance fields are not set before the first test
    private static Path data;

    private TestingUp up;
    private EventLog log;
    private final AtomicInteger ids = new AtomicInteger();

    @BeforeAll
    void start() {
        up = TestingUp.start("close", data);
        log = new EventLog(up.bootstrap());
        up.service().putCatalog(CATALOG).ok();
    }

    @AfterAll
    void stop() {
        log.close();
        up.close();
    }

    @Test
    @Order(1)
    void usageInFrontOfTheMarkerIsOnTheInvoiceAndUsageBehindItIsLate() {
        for (String tenant : TENANTS) {
            for (int i = 0; i < 500; i++) {
                send(tenant, APRIL.plusSeconds(3600L * i), 2);
            }
        }
        log.flush(); // acknowledged before the close is asked for: all of it must be billed

        JsonNode closing = up.service()
                .post("/api/v1/periods/close", "application/json", "{\"through\":\"" + MAY + "\"}")
                .ok()
                .json()
                .get("closing");
        Map<String, JsonNode> invoices = new TreeMap<>();
        closing.forEach(one -> {
            JsonNode invoice = up.service().invoice(one.get("invoice").textValue());
            invoices.put(invoice.get("tenant").textValue(), invoice);
        });
        send("close-a", APRIL.plusSeconds(7200), 5); // behind the marker
        log.flush();

        assertThat(invoices.keySet()).containsExactlyElementsOf(TENANTS);
        invoices.values().forEach(invoice -> {
            assertThat(invoice.get("total").textValue()).isEqualTo("20.00"); // 10.00 + 1000 x 0.01
            assertThat(invoice.get("cut").get(0).get("sequence").longValue()).isPositive();
        });
        up.service().awaitTotal("close_units", "close-a", "1005");
        assertThat(up.service().invoices("close-a").get("close-a-2026-04-01")).isEqualTo(invoices.get("close-a"));
        Alert late = Deadline.within(PATIENCE)
                .await(
                        "late usage is reported",
                        () -> lateUsage().stream().findFirst().orElse(null));
        assertThat(late.tenant()).isEqualTo("close-a");
        assertThat(late.before()).isEqualByComparingTo("2");
        assertThat(late.after()).isEqualByComparingTo("7");
        assertThat(closingAgain(MAY)).as("periods to close again").isEmpty();
    }

    @Test
    @Order(2)
    void invoicesAreTheSameWithoutAnyStore() throws IOException {
        TENANTS.forEach(tenant -> {
            for (int i = 0; i < 300; i++) {
                send(tenant, MAY.plusSeconds(3600L * i), 3);
            }
        });
        log.flush();
        TENANTS.forEach(
                tenant -> up.service().awaitTotal("close_units", tenant, tenant.equals("close-a") ? "1905" : "1900"));
        Map<String, JsonNode> before = invoices(up.service());

        assertThat(up.stop()).isZero();
        deleteAll(data.resolve("state"));
        up.start();

        assertThat(invoices(up.service())).isEqualTo(before);
        TENANTS.forEach(
                tenant -> up.service().awaitTotal("close_units", tenant, tenant.equals("close-a") ? "1905" : "1900"));
        Map<String, JsonNode> may = up.service().closeAll(JUNE);
        assertThat(may.keySet()).containsExactly("close-a-2026-05-01", "close-b-2026-05-01", "close-c-2026-05-01");
        assertThat(may.get("close-b-2026-05-01").get("total").textValue()).isEqualTo("19.00"); // 10.00 + 900 x 0.01
        assertThat(may.get("close-b-2026-05-01").get("number").textValue()).isEqualTo("INV-2026-05-close-b-2");
    }

    @Test
    @Order(3)
    void aSpaceThatHasOnlyWhatWasAcceptedComesToTheSameInvoices(@TempDir Path otherData) {
        Map<String, JsonNode> invoices = invoices(up.service());
        new SecondSpace("rebuilt", up.bootstrap()).copyFrom(log);

        try (TestingUp rebuilt = TestingUp.start(
                "rebuilt",
                otherData,
                "--kafka",
                up.bootstrap(),
                "--space",
                "rebuilt",
                "--roles",
                "aggregator,rater,invoicer")) {
            invoices.forEach((id, invoice) ->
                    assertThat(billed(rebuilt.service().invoice(id))).isEqualTo(billed(invoice)));
            assertThat(invoices(rebuilt.service()).keySet()).isEqualTo(invoices.keySet());
        }
    }

    /** What a digest is taken over, and the digest: all but where in which log it was found. */
    private static JsonNode billed(JsonNode invoice) {
        ObjectNode billed = invoice.deepCopy();
        billed.remove("cut");
        return billed;
    }

    private static Map<String, JsonNode> invoices(Service service) {
        Map<String, JsonNode> invoices = new TreeMap<>();
        TENANTS.forEach(tenant -> invoices.putAll(service.invoices(tenant)));
        return invoices;
    }

    private List<String> closingAgain(Instant through) {
        List<String> closing = new ArrayList<>();
        up.service()
                .post("/api/v1/periods/close", "application/json", "{\"through\":\"" + through + "\"}")
                .ok()
                .json()
                .get("closing")
                .forEach(one -> closing.add(one.toString()));
        return closing;
    }

    private List<Alert> lateUsage() {
        List<Alert> late = new ArrayList<>();
        log.forEach(Topics::billingAlerts, record -> {
            Alert alert = TopicCodecs.ALERTS.decode(record.value());
            if (alert.kind() == Alert.Kind.LATE_USAGE) {
                late.add(alert);
            }
        });
        return late;
    }

    private void send(String tenant, Instant time, int units) {
        log.send(tenant, time.toEpochMilli(), """
                {"specversion":"1.0","type":"close.used","source":"close","id":"%d","subject":"%s","time":"%s","data":{"units":%d}}""".formatted(ids.incrementAndGet(), tenant, time, units));
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

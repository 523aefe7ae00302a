package io.tallystick.deploy.verify.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.NaiveBill;
import io.tallystick.deploy.verify.NaiveCatalog.Meter;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.deploy.verify.ingest.Accounting;
import io.tallystick.schemas.topic.Topics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments while events come in: totals, invoices and accounting are those of a plain program that saw
 * every event once. The long run: {@code mvn -B verify -pl deploy/verify -am -Dit.test=KillIT -Dkill.kills=10}.
 */
class KillIT {

    private static final int EVENTS = Integer.getInteger("kill.events", 15_000);
    private static final int KILLS = Integer.getInteger("kill.kills", 1);
    private static final int REPEAT_PERCENT = 5;
    private static final int BURST = 2_000;
    private static final Duration BETWEEN_BURSTS = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

    @TempDir
    private Path data;

    @Test
    void totalsInvoicesAndAccountingAreExactAfterKills() {
        Random random = Seed.random("kill");
        List<KillEvents> events = KillEvents.april(random, EVENTS, REPEAT_PERCENT);
        TreeSet<Integer> killAt = new TreeSet<>();
        while (killAt.size() < KILLS) {
            killAt.add(random.nextInt(EVENTS));
        }
        NaiveBill naive = new NaiveBill(events.stream().map(KillEvents::json).toList(), KillCatalog.METERS);

        try (TestingUp up = TestingUp.start("kill", data);
                EventLog log = new EventLog(up.bootstrap())) {
            up.service().putCatalog(KillCatalog.DOCUMENT).ok();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(log, events));
            for (int moment : killAt) {
                Deadline.within(PATIENCE)
                        .await(moment + " events are sent", () -> log.acknowledged() >= moment ? moment : null);
                up.kill();
                up.start();
            }
            sending.join();
            Map<String, JsonNode> invoices = up.service().closeAll(MAY);

            assertThat(invoices).hasSize(KillCatalog.subscribed().size());
            invoices.values().forEach(invoice -> checkInvoice(invoice, naive));
            checkTotals(up.service(), naive);
            Accounting accounting = new Accounting(log, up.service());
            accounting.check();
            assertThat(accounting.accepted()).isEqualTo(naive.accepted());
            // A producer that waits for a killed broker may send again what had arrived, so the topic counts, not what
            // was sent.
            long records = log.size(Topics::usageEvents);
            assertThat(records).isGreaterThanOrEqualTo(EVENTS);
            assertThat(accounting.duplicates()).isEqualTo(records - naive.accepted());
            assertThat(accounting.rejected()).isZero();
        }
    }

    private static void sendAll(EventLog log, List<KillEvents> events) {
        for (int i = 0; i < events.size(); i++) {
            KillEvents event = events.get(i);
            log.send(event.tenant(), event.timestamp(), event.json());
            if (i % BURST == BURST - 1) {
                LockSupport.parkNanos(BETWEEN_BURSTS.toNanos()); // so that the kills fall while it works, not behind
            }
        }
        log.flush();
    }

    private static void checkInvoice(JsonNode invoice, NaiveBill naive) {
        Map<String, BigDecimal> expected = naive.lines(invoice.get("tenant").textValue(), KillCatalog.PLAN, APRIL, MAY);
        Map<String, BigDecimal> lines = new TreeMap<>();
        invoice.get("lines")
                .forEach(line -> lines.put(
                        line.get("charge").textValue(),
                        new BigDecimal(line.get("amount").textValue())));
        assertThat(lines).as("lines of " + invoice.get("id")).isEqualTo(expected);
        assertThat(new BigDecimal(invoice.get("total").textValue()))
                .isEqualTo(expected.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private static void checkTotals(Service service, NaiveBill naive) {
        Map<String, BigDecimal> totals = new TreeMap<>();
        for (String tenant : KillCatalog.TENANTS) {
            for (Meter meter : KillCatalog.METERS) {
                String groupBy = "";
                for (String dimension : meter.dimensions()) {
                    groupBy += "&groupBy=" + dimension;
                }
                JsonNode rows = service.usage(
                                meter.name(), tenant, "&windowSize=HOUR&from=" + APRIL + "&to=" + MAY + groupBy)
                        .get("data");
                for (JsonNode row : rows) {
                    Map<String, String> dimensions = new TreeMap<>();
                    row.get("groupBy")
                            .properties()
                            .forEach(entry -> dimensions.put(
                                    entry.getKey(), entry.getValue().textValue()));
                    totals.put(
                            tenant + " " + meter.name() + " "
                                    + row.get("windowStart").textValue() + " " + dimensions,
                            new BigDecimal(row.get("value").textValue()).stripTrailingZeros());
                }
            }
        }
        Map<String, BigDecimal> expected = new TreeMap<>(naive.totals());
        expected.replaceAll((window, value) -> value.stripTrailingZeros());
        assertThat(totals).isEqualTo(expected);
    }
}

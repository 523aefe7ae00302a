package io.tallystick.deploy.verify.invoicer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes on one cluster, each with a scheduler: every period is closed once, and numbered without a gap; with {@code -Dschedulers.kill=true} also
 * when one of them is killed while it closes.
 */
class TwoSchedulersIT {

    private static final int TENANTS = 10;
    private static final int DAYS = 3;
    /** Of whom some are held by either. */
    private static final int ASKED = 4;

    private static final boolean KILL = Boolean.getBoolean("schedulers.kill");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Periods that are over by the clock that the schedulers look at. */
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(DAYS, ChronoUnit.DAYS);

    @TempDir
    private Path directory;

    @Test
    void everyPeriodIsClosedOnce() {
        try (TestingUp one = TestingUp.start(
                        "scheduler-one", directory.resolve("one"), "--close", "auto", "--grace", "PT0S");
                TestingUp two = TestingUp.start(
                        "scheduler-two",
                        directory.resolve("two"),
                        "--kafka",
                        one.bootstrap(),
                        "--partitions",
                        Integer.toString(TestingUp.PARTITIONS),
                        "--close",
                        "auto",
                        "--grace",
                        "PT0S");
                EventLog log = new EventLog(one.bootstrap())) {
            one.service().putCatalog(catalog(0)).ok();
            awaitInvoices(one, TENANTS * DAYS);
            if (KILL) {
                one.service().putCatalog(catalog(1)).ok();
                two.kill(); // whatever it has asked for, or is about to
                two.start();
            }
            int tenants = KILL ? 2 * TENANTS : TENANTS;
            awaitInvoices(two, tenants * DAYS);

            Map<String, Integer> markers = new TreeMap<>();
            log.forEach(Topics::usageAccepted, record -> {
                AcceptedRecord accepted = TopicCodecs.ACCEPTED.decode(record.value());
                if (accepted instanceof PeriodClosed closed && closed.attempt() != PeriodClosed.ADJUSTMENTS) {
                    markers.merge(closed.subscription() + " " + closed.period().start(), 1, Integer::sum);
                }
            });
            assertThat(markers).hasSize(tenants * DAYS);
            assertThat(markers.values()).containsOnly(1);
            assertNumbered(log, tenants);
            assertEitherAnswersForEveryTenant(one.service(), two.service());
        }
    }

    private static void assertEitherAnswersForEveryTenant(Service one, Service two) {
        for (int i = 0; i < ASKED; i++) {
            for (String of : List.of("charges", "access", "credits")) {
                String path = "/api/v1/tenants/sched-0-" + i + "/" + of;
                assertThat(two.get(path).ok().text())
                        .as(path)
                        .isEqualTo(one.get(path).ok().text());
            }
            String usage = "/api/v1/meters/sched_units/query?subject=sched-0-" + i;
            assertThat(two.get(usage).ok().text()).isEqualTo(one.get(usage).ok().text());
        }
    }

    private static void awaitInvoices(TestingUp up, int count) {
        Deadline.within(PATIENCE).await(count + " invoices", () -> {
            JsonNode invoices = up.service().get("/api/v1/invoices").json().get("data");
            return invoices != null && invoices.size() == count ? invoices : null;
        });
    }

    private static void assertNumbered(EventLog log, int tenants) {
        Map<String, List<Integer>> numbers = new TreeMap<>();
        log.forEach(Topics::billingInvoices, record -> {
            Invoice invoice = TopicCodecs.INVOICES.decode(record.value());
            assertThat(invoice.status()).isEqualTo(InvoiceStatus.DRAFT);
            numbers.computeIfAbsent(invoice.tenant(), tenant -> new ArrayList<>())
                    .add(Integer.parseInt(
                            invoice.number().substring(invoice.number().lastIndexOf('-') + 1)));
        });
        assertThat(numbers).hasSize(tenants);
        assertThat(numbers.values()).allSatisfy(each -> assertThat(each).containsExactly(1, 2, 3));
    }

    private String catalog(int batch) {
        StringBuilder text = new StringBuilder("""
                meters:
                  - {meter: sched_units, eventType: sched.used, aggregation: count}
                pricing:
                  - version: sched_v1
                    effectiveFrom: "2020-01-01T00:00:00Z"
                    currency: USD
                    plans: [{plan: sched_plan, charges: [{charge: base, model: flat, amount: "1.00"}]}]
                subscriptions:
                """);
        for (int i = 0; i < TENANTS; i++) {
            text.append("  - {tenant: sched-%d-%d, plan: sched_plan, start: \"%s\", end: \"%s\","
                            .formatted(batch, i, start, start.plus(DAYS, ChronoUnit.DAYS)))
                    .append(" period: {every: P1D, anchor: \"%s\", timezone: UTC}}\n".formatted(start));
        }
        return text.toString();
    }
}

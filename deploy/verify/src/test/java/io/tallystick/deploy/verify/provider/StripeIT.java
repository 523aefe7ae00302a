package io.tallystick.deploy.verify.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invoices and usage reach Stripe exactly once, whatever it answers and however often the process is killed. The long run: {@code mvn -B verify -pl
 * deploy/verify -am -Dit.test=StripeIT -Dstripe.invoices=1000 -Dstripe.meterEvents=10000 -Dstripe.kills=10}. With {@code -Dstripe.hard=true} there are,
 * among them, an invoice and a meter event whose answers were lost two days ago, meter events that are answered with errors in a row, and charges by
 * Paystack.
 */
class StripeIT {

    private static final int INVOICES = Integer.getInteger("stripe.invoices", 30);
    private static final int METER_EVENTS = Integer.getInteger("stripe.meterEvents", 120);
    private static final int KILLS = Integer.getInteger("stripe.kills", 1);
    private static final boolean HARD = Boolean.getBoolean("stripe.hard");
    private static final String SECRET = "whsec_test";
    private static final int ASKING_AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final StripeLoad load = new StripeLoad(INVOICES, METER_EVENTS, HARD);

    @TempDir
    private Path data;

    @Test
    void everythingIsAtStripeOnceAndReconciledWhateverStripeAnswersAndWheneverTheProcessDies() throws IOException {
        Random random = Seed.random("stripe");
        Path config = data.resolve("config.yaml");
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingProvider paystack = TestingProvider.paystack()) {
            Files.writeString(config, "STRIPE_WEBHOOK_SECRET: " + SECRET + "\n" + (HARD ? "" : keys(stripe, paystack)));
            if (!HARD) {
                stripe.faults(10, 10, 5, random.nextLong());
            }
            paystack.faults(10, 10, 5, random.nextLong());
            try (TestingUp up = TestingUp.start("stripe", data.resolve("up"), "--config", config.toString())) {
                stripe.reportTo(up.url() + "/api/v1/webhooks/stripe", SECRET, random.nextLong());
                Map<String, JsonNode> drafts = bill(up.service());
                if (HARD) {
                    loseAnswers(up, stripe);
                    up.kill();
                    Files.writeString(config, keys(stripe, paystack), StandardOpenOption.APPEND);
                    stripe.faults(0, 0, 100, random.nextLong());
                    up.start();
                    awaitMoreErrorsInARowThanOneStoredAnswerMayExplain(stripe);
                    stripe.faults(10, 10, 5, random.nextLong());
                }
                for (int kill = 1; kill <= KILLS; kill++) {
                    awaitShare(stripe, kill, KILLS + 1);
                    up.kill();
                    up.start();
                }
                awaitShare(stripe, 1, 1);
                awaitWebhooks(stripe);
                awaitReconciled(up.url());

                JsonNode there = stripe.state();
                assertThat(totals(there)).isEqualTo(expectedTotals(drafts, "t"));
                assertThat(there.get("events")).hasSize(METER_EVENTS);
                assertThat(StripeLoad.values(there)).isEqualTo(load.expectedValues());
                assertThat(there.get("refused").intValue()).isZero();

                awaitStatuses(up.service(), statuses(there));

                stripe.faults(0, 0, 0, 0); // what is asked once, below, is the comparison
                paystack.faults(0, 0, 0, 0);
                if (HARD) {
                    assertChargedOnce(up, paystack, drafts, random);
                }
                stripe.drop(random.nextInt(METER_EVENTS));
                sendAgainWhatWasReported(up, stripe);
                awaitReconciled(up.url());
                JsonNode altered = there.get("invoices").get(random.nextInt(INVOICES));
                stripe.alter(altered.get("id").textValue(), 1);
                TestingCommand differing = TestingCommand.run("reconcile", "stripe", "--url", up.url());
                assertThat(differing.exit()).isEqualTo(1);
                assertThat(differing.output().lines())
                        .filteredOn(line -> line.contains("2026-"))
                        .singleElement(InstanceOfAssertFactories.STRING)
                        .contains(altered.at("/metadata/ledger_invoice_id").textValue());
            }
        }
    }

    private static String keys(TestingProvider stripe, TestingProvider paystack) {
        return "STRIPE_API_KEY: sk_test_1\nSTRIPE_API_BASE: " + stripe.url()
                + "\nSTRIPE_RATE_LIMIT: 0\nPAYSTACK_SECRET_KEY: sk_test_2\nPAYSTACK_API_BASE: " + paystack.url()
                + "\nPAYSTACK_RATE_LIMIT: 0\n";
    }

    private void loseAnswers(TestingUp up, TestingProvider stripe) {
        try (LostAnswers lost = new LostAnswers(up.bootstrap(), stripe)) {
            lost.twoDaysAgo(load.invoicesAndEvents());
        }
    }

    /** Usage comes in, all periods are closed, and the invoices of fees are finalized: these, by id. */
    private Map<String, JsonNode> bill(Service service) {
        service.putCatalog(load.catalog()).ok();
        load.send(service);
        Map<String, JsonNode> drafts = service.closeAll(StripeLoad.MAY);
        assertThat(drafts).hasSize(INVOICES + load.charged());
        finalizeAll(service, drafts.keySet());
        assertThat(service.closeAll(load.end())).hasSize(load.metered());
        return drafts;
    }

    private static void awaitShare(TestingProvider stripe, int part, int of) {
        int moment = (INVOICES + METER_EVENTS) * part / of;
        Deadline.within(PATIENCE).await(moment + " invoices and meter events are at Stripe", () -> {
            JsonNode counts = stripe.counts();
            int there = counts.get("issued").intValue() + counts.get("events").intValue();
            return there >= moment ? there : null;
        });
    }

    /** Usage that Stripe had taken and cannot use is told to people, and sent again only when one of them wishes it. */
    private void sendAgainWhatWasReported(TestingUp up, TestingProvider stripe) {
        JsonNode failed = Deadline.within(PATIENCE).await("the report is taken", () -> {
            JsonNode data =
                    up.service().get("/api/v1/deliveries/failed").ok().json().get("data");
            return data.isEmpty() ? null : data;
        });
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).get("reason").textValue()).isEqualTo("reported_no_meter: No meter counts it");
        assertThat(alertsOf(up, failed.get(0).get("tenant").textValue())).containsExactly(Alert.Kind.DELIVERY_FAILED);
        JsonNode differences = up.service()
                .post("/api/v1/reconcile/stripe", "application/json", "")
                .ok()
                .json();
        assertThat(differences.get("differences")).isNotEmpty();

        String path = "/api/v1/deliveries/" + failed.get(0).get("id").textValue() + "/retry";
        up.service().post(path, "application/json", "").ok();
        Deadline.within(PATIENCE)
                .await(
                        "it is sent again",
                        () -> stripe.counts().get("events").intValue() == METER_EVENTS ? stripe : null);
        assertThat(StripeLoad.values(stripe.state())).isEqualTo(load.expectedValues());
    }

    private static List<Alert.Kind> alertsOf(TestingUp up, String tenant) {
        try (EventLog log = new EventLog(up.bootstrap())) {
            return log.read(Topics::billingAlerts).stream()
                    .map(record -> TopicCodecs.ALERTS.decode(record.value()))
                    .filter(alert -> alert.tenant().equals(tenant))
                    .map(Alert::kind)
                    .distinct()
                    .toList();
        }
    }

    private static void awaitWebhooks(TestingProvider stripe) {
        Deadline.within(PATIENCE).await("all webhooks are taken", () -> {
            JsonNode counts = stripe.counts();
            return counts.get("webhooksWaiting").intValue() == 0 ? counts : null;
        });
        // Each invoice is reported as finalized, and then as something else.
        assertThat(stripe.counts().get("webhooksTaken").intValue()).isGreaterThanOrEqualTo(2 * INVOICES);
    }

    /** In whatever order the reports came and however often, the ledger's invoices stand as they do at Stripe. */
    private static void awaitStatuses(Service service, Map<String, String> expected) {
        assertThat(expected.values()).contains("paid", "uncollectible");
        Deadline.within(PATIENCE).await("the ledger's invoices are " + expected, () -> {
            Map<String, String> statuses = new TreeMap<>();
            for (String id : expected.keySet()) {
                statuses.put(id, service.invoice(id).get("status").textValue());
            }
            if (!statuses.equals(expected)) {
                throw new IllegalStateException("they are " + statuses);
            }
            return statuses;
        });
    }

    private static Map<String, String> statuses(JsonNode there) {
        Map<String, String> statuses = new TreeMap<>();
        for (JsonNode invoice : there.get("invoices")) {
            statuses.put(
                    invoice.at("/metadata/ledger_invoice_id").textValue(),
                    invoice.get("status").textValue());
        }
        return statuses;
    }

    private static void awaitReconciled(String url) {
        Deadline.within(PATIENCE).await("the ledger and Stripe agree", () -> {
            TestingCommand command = TestingCommand.run("reconcile", "stripe", "--url", url);
            if (command.exit() != 0) {
                throw new IllegalStateException(command.toString());
            }
            return command;
        });
    }

    private static Map<String, Long> totals(JsonNode there) {
        Map<String, Long> totals = new TreeMap<>();
        for (JsonNode invoice : there.get("invoices")) {
            String id = invoice.at("/metadata/ledger_invoice_id").textValue();
            assertThat(totals.put(id, invoice.get("total").longValue()))
                    .as("a second invoice for " + id)
                    .isNull();
        }
        return totals;
    }

    private static Map<String, Long> expectedTotals(Map<String, JsonNode> drafts, String tenants) {
        Map<String, Long> totals = new TreeMap<>();
        drafts.forEach((id, draft) -> {
            if (id.startsWith(tenants)) {
                totals.put(
                        id,
                        new BigDecimal(draft.get("total").textValue())
                                .movePointRight(2)
                                .longValueExact());
            }
        });
        return totals;
    }

    private static void awaitMoreErrorsInARowThanOneStoredAnswerMayExplain(TestingProvider stripe) {
        Deadline.within(PATIENCE)
                .await(
                        "a meter event is answered with 500 five times",
                        () -> stripe.counts().get("eventErrors").intValue() >= 5 ? stripe : null);
    }

    /** At Paystack stands a charge for each of its invoices, {@code reconcile} says so, and names the one that is altered. */
    private static void assertChargedOnce(
            TestingUp up, TestingProvider paystack, Map<String, JsonNode> drafts, Random random) {
        Deadline.within(PATIENCE).await("the ledger and Paystack agree", () -> {
            TestingCommand command = TestingCommand.run("reconcile", "paystack", "--url", up.url());
            if (command.exit() != 0) {
                throw new IllegalStateException(command.toString());
            }
            return command;
        });
        JsonNode there = paystack.state();
        Map<String, Long> expected = expectedTotals(drafts, "p");
        assertThat(there.get("refused").intValue()).isZero();
        assertThat(there.get("charges")).hasSize(expected.size());
        List<Long> charged = new ArrayList<>();
        there.get("charges").forEach(charge -> charged.add(charge.get("amount").longValue()));
        assertThat(charged).containsExactlyInAnyOrderElementsOf(expected.values());

        JsonNode altered = there.get("charges").get(random.nextInt(expected.size()));
        paystack.alter(altered.get("reference").textValue(), 1);
        TestingCommand differing = TestingCommand.run("reconcile", "paystack", "--url", up.url());
        assertThat(differing.exit()).isEqualTo(1);
        assertThat(differing.output().lines())
                .filteredOn(line -> line.contains("2026-"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains(altered.get("reference").textValue());
    }

    private static void finalizeAll(Service service, Iterable<String> ids) {
        ExecutorService asking = Executors.newFixedThreadPool(ASKING_AT_ONCE);
        try {
            List<CompletableFuture<Void>> asked = new ArrayList<>();
            for (String id : ids) {
                asked.add(CompletableFuture.runAsync(
                        () -> service.post("/api/v1/invoices/" + id + "/finalize", "application/json", "")
                                .ok(),
                        asking));
            }
            asked.forEach(CompletableFuture::join);
        } finally {
            asking.shutdown();
        }
    }
}

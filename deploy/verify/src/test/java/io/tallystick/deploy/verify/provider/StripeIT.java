package io.tallystick.deploy.verify.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invoices reach Stripe exactly once, whatever it answers and however often the process is killed. The long run: {@code mvn -B verify -pl deploy/verify
 * -am -Dit.test=StripeIT -Dstripe.invoices=1000 -Dstripe.kills=10}.
 */
class StripeIT {

    private static final int INVOICES = Integer.getInteger("stripe.invoices", 30);
    private static final int KILLS = Integer.getInteger("stripe.kills", 2);
    private static final int ASKING_AT_ONCE = 32;
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    private Path data;

    @Test
    void everyInvoiceIsAtStripeOnceAndReconciledWhateverStripeAnswersAndWheneverTheProcessDies() throws IOException {
        Random random = Seed.random("stripe");
        Path config = data.resolve("config.yaml");
        try (TestingProvider stripe = TestingProvider.stripe()) {
            Files.writeString(
                    config, "STRIPE_API_KEY: sk_test_1\nSTRIPE_API_BASE: " + stripe.url() + "\nSTRIPE_RATE_LIMIT: 0\n");
            stripe.faults(10, 10, 5, random.nextLong());
            try (TestingUp up = TestingUp.start("stripe", data.resolve("up"), "--config", config.toString())) {
                up.service().putCatalog(catalog()).ok();
                Map<String, JsonNode> drafts = up.service().closeAll(MAY);
                assertThat(drafts).hasSize(INVOICES);
                finalizeAll(up.service(), drafts.keySet());

                for (int kill = 1; kill <= KILLS; kill++) {
                    int moment = INVOICES * kill / (KILLS + 1);
                    Deadline.within(PATIENCE)
                            .await(moment + " invoices are issued", () -> issued(stripe) >= moment ? moment : null);
                    up.kill();
                    up.start();
                }
                Deadline.within(PATIENCE)
                        .await("all invoices are issued", () -> issued(stripe) >= INVOICES ? INVOICES : null);
                awaitReconciled(up.url());

                Map<String, Long> totals = new TreeMap<>();
                for (JsonNode invoice : stripe.state().get("invoices")) {
                    String id = invoice.at("/metadata/ledger_invoice_id").textValue();
                    assertThat(totals.put(id, invoice.get("total").longValue()))
                            .as("a second invoice for " + id)
                            .isNull();
                }
                Map<String, Long> expected = new TreeMap<>();
                drafts.forEach((id, draft) -> expected.put(
                        id,
                        new BigDecimal(draft.get("total").textValue())
                                .movePointRight(2)
                                .longValueExact()));
                assertThat(totals).isEqualTo(expected);
                assertThat(stripe.state().get("refused").intValue()).isZero();

                stripe.faults(0, 0, 0, 0); // what is asked once, below, is the comparison
                JsonNode altered = stripe.state().get("invoices").get(0);
                stripe.alter(altered.get("id").textValue(), 1);
                TestingCommand differing = TestingCommand.run("reconcile", "stripe", "--url", up.url());
                assertThat(differing.exit()).isEqualTo(1);
                assertThat(differing.output())
                        .contains(altered.at("/metadata/ledger_invoice_id").textValue());
            }
        }
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

    private static int issued(TestingProvider stripe) {
        int issued = 0;
        for (JsonNode invoice : stripe.state().get("invoices")) {
            issued += invoice.get("status").textValue().equals("open") ? 1 : 0;
        }
        return issued;
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

    /** Each tenant pays a fee of its own, and one that all pay. */
    private static String catalog() {
        StringBuilder yaml = new StringBuilder("""
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                """);
        for (int i = 0; i < INVOICES; i++) {
            yaml.append(String.format(Locale.ROOT, """
                          - plan: plan_%d
                            charges:
                              - {charge: base, model: flat, amount: "10.05"}
                              - {charge: own, model: flat, amount: "%d.07"}
                    """, i, i));
        }
        yaml.append("subscriptions:\n");
        for (int i = 0; i < INVOICES; i++) {
            yaml.append(String.format(Locale.ROOT, """
                      - tenant: t%d
                        plan: plan_%d
                        start: "2026-04-01T00:00:00Z"
                        end: "2026-05-01T00:00:00Z"
                        provider: {name: stripe, mode: invoice, customer: cus_%d}
                    """, i, i, i));
        }
        return yaml.toString();
    }
}

package io.tallystick.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Five events of a language model's tokens through the command line, to one graduated line; and the same five again. */
@ExtendWith(SharedUp.class)
class TokenTiersIT {

    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

    // Free to 100,000, then 2.00 per million to 1,000,000, then 1.00 per million.
    private static final String CATALOG = """
            meters:
              - {meter: tier_tokens, eventType: tier.completion, aggregation: sum, value: $.tokens}
            pricing:
              - version: tiers_v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: tier_plan
                    charges:
                      - charge: tokens
                        model: graduated
                        meter: tier_tokens
                        divideBy: "1000000"
                        tiers:
                          - {upTo: "0.1", unitPrice: "0"}
                          - {upTo: "1", unitPrice: "2.00"}
                          - {upTo: null, unitPrice: "1.00"}
            subscriptions:
              - tenant: tier-tenant
                plan: tier_plan
                start: "2026-04-01T00:00:00Z"
                period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}
            """;

    @Test
    void fiveEventsGiveOneLineAndTheSameFiveAgainChangeNothing(TestingUp up, @TempDir Path directory)
            throws IOException {
        Path catalog = Files.writeString(directory.resolve("catalog.yaml"), CATALOG);
        Path events =
                Files.write(directory.resolve("events.jsonl"), events(50_000, 25_000, 400_000, 525_000, 1_500_000));
        assertThat(TestingCommand.run("apply", catalog.toString(), "--url", up.url())
                        .exit())
                .isZero();

        assertThat(TestingCommand.run("send", events.toString(), "--url", up.url())
                        .exit())
                .isZero();
        up.service().awaitTotal("tier_tokens", "tier-tenant", "2500000");
        assertThat(TestingCommand.run("send", events.toString(), "--url", up.url())
                        .exit())
                .isZero();
        TestingCommand close =
                TestingCommand.run("close", "--through", MAY.toString(), "--tenant", "tier-tenant", "--url", up.url());
        assertThat(close.exit()).as(close.errors()).isZero();

        up.service().invoice("tier-tenant-2026-04-01");
        assertThat(up.service().total("tier_tokens", "tier-tenant")).isEqualTo("2500000");
        JsonNode listed = Service.parse(
                        TestingCommand.run("invoices", "--tenant", "tier-tenant", "--json", "--url", up.url())
                                .output())
                .get("data");
        assertThat(listed).hasSize(1);
        JsonNode invoice = listed.get(0);
        assertThat(invoice.get("status").textValue()).isEqualTo("draft");
        assertThat(invoice.get("number").textValue()).isEqualTo("INV-2026-04-tier-tenant-1");
        assertThat(invoice.get("total").textValue()).isEqualTo("3.30"); // 0.9 x 2.00 + 1.5 x 1.00
        assertThat(invoice.get("lines")).hasSize(1);
        JsonNode line = invoice.get("lines").get(0);
        assertThat(texts(line, "charge", "kind", "metered", "quantity", "billable", "amount", "pricingVersion"))
                .containsExactly("tokens", "usage", "2500000", "2.5", "2.5", "3.30", "tiers_v1");
        assertThat(line.get("tiers")).hasSize(3);
        assertThat(texts(line.get("tiers").get(1), "upTo", "quantity", "unitPrice", "flat", "amount"))
                .containsExactly("1", "0.9", "2.00", "0", "1.80");
    }

    private static List<String> texts(JsonNode node, String... fields) {
        List<String> texts = new ArrayList<>();
        for (String field : fields) {
            texts.add(node.path(field).asText());
        }
        return texts;
    }

    private static List<String> events(int... tokens) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            events.add("""
                    {"specversion":"1.0","type":"tier.completion","source":"gateway","id":"%d","subject":"tier-tenant","time":"2026-04-1%dT08:00:00Z","data":{"tokens":%d}}""".formatted(i, i, tokens[i]));
        }
        return events;
    }
}

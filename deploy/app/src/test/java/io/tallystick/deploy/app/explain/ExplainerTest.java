package io.tallystick.deploy.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.derive.RecordedLog;
import io.tallystick.deploy.app.replay.StandingInvoices;
import io.tallystick.schemas.event.Invoice;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainerTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private RecordedLog log;
    private final List<Invoice> invoices = new ArrayList<>();

    @BeforeEach
    void recordAMonth() {
        log = RecordedMonth.record(directory);
        for (int partition = 0; partition < log.topics().partitions(); partition++) {
            invoices.addAll(StandingInvoices.read(log, partition).values());
        }
        assertThat(invoices).hasSize(5);
    }

    @Test
    void theListedEventsOfEveryLineAddUpToItsQuantity() {
        int lines = 0;
        for (Invoice invoice : invoices) {
            for (int line = 1; line <= invoice.lines().size(); line++) {
                BigDecimal sum = BigDecimal.ZERO;
                for (JsonNode event : events(invoice, line, 100)) {
                    sum = sum.add(new BigDecimal(event.get("value").textValue()));
                }
                assertThat(sum).as(invoice.id() + " " + line).isEqualByComparingTo(metered(invoice, line));
                lines++;
            }
        }
        assertThat(lines).isGreaterThan(30);
    }

    @Test
    void aPageEndsWhereTheNextBegins() {
        Invoice invoice = invoice("b-2026-04-01");
        int line = lineOf(invoice, "calls");

        List<JsonNode> byThree = events(invoice, line, 3);

        assertThat(byThree).isEqualTo(events(invoice, line, 1_000)).hasSize(266);
        Set<String> places = new HashSet<>();
        byThree.forEach(event -> places.add(event.get("place").toString()));
        assertThat(places).hasSameSizeAs(byThree);
    }

    @Test
    void anEventIsShownAsItCame() {
        Invoice invoice = invoice("b-2026-04-01");

        JsonNode first = events(invoice, lineOf(invoice, "calls"), 1).get(0);

        assertThat(first.get("event").get("value").textValue())
                .startsWith("{\"specversion\":\"1.0\"")
                .contains("\"id\":\"1\"");
        assertThat(first.get("time").textValue()).isEqualTo("2026-04-01T01:40:00Z");
    }

    @Test
    void hoursAddUpToTheLineAndNameTheirPlaces() {
        Invoice invoice = invoice("b-2026-04-01");
        int line = lineOf(invoice, "units");

        JsonNode windows = explain(invoice, line, Explainer.Page.FIRST).get("windows");

        BigDecimal sum = BigDecimal.ZERO;
        long last = -1;
        for (JsonNode window : windows) {
            sum = sum.add(new BigDecimal(window.get("sum").textValue()));
            assertThat(window.get("firstOffset").longValue()).isGreaterThan(last);
            last = window.get("lastOffset").longValue();
        }
        assertThat(sum).isEqualByComparingTo(metered(invoice, line));
    }

    @Test
    void stepsLeadFromTheMeterToTheAmount() {
        Invoice invoice = invoice("b-2026-04-01");
        int line = lineOf(invoice, "units");

        JsonNode lines = JSON.valueToTree(new Explainer(log).explain(invoice)).get("lines");

        assertThat(lines).hasSameSizeAs(invoice.lines());
        JsonNode steps = lines.get(line - 1).get("steps");
        assertThat(steps.findValuesAsText("step"))
                .containsExactly("metered", "quantity", "included", "billable", "model", "exact", "amount");
        assertThat(steps.get(1).get("rule").textValue()).isEqualTo("divided by 10");
        assertThat(steps.get(5).get("rule").textValue()).isEqualTo("units: unit, for 1/2 of the period");
        assertThat(steps.get(6).get("value").textValue())
                .isEqualTo(invoice.lines().get(line - 1).amount().toPlainString());
    }

    private List<JsonNode> events(Invoice invoice, int line, int limit) {
        List<JsonNode> events = new ArrayList<>();
        JsonNode next;
        long after = -1;
        do {
            JsonNode page =
                    explain(invoice, line, new Explainer.Page(after, limit)).get("events");
            page.get("data").forEach(events::add);
            assertThat(page.get("data").size()).isLessThanOrEqualTo(limit);
            next = page.get("next");
            after = next.isNull() ? -1 : Long.parseLong(next.textValue());
        } while (!next.isNull());
        return events;
    }

    private JsonNode explain(Invoice invoice, int line, Explainer.Page page) {
        return JSON.valueToTree(new Explainer(log).explain(invoice, line, page));
    }

    private Invoice invoice(String id) {
        return invoices.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    private static BigDecimal metered(Invoice invoice, int line) {
        BigDecimal metered = invoice.lines().get(line - 1).metered();
        return metered == null ? BigDecimal.ZERO : metered;
    }

    private static int lineOf(Invoice invoice, String charge) {
        for (int line = 1; line <= invoice.lines().size(); line++) {
            if (invoice.lines().get(line - 1).charge().equals(charge)) {
                return line;
            }
        }
        throw new AssertionError("no line of " + charge);
    }
}

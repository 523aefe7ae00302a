package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenant whose events are voided, in front of a close and behind it, is billed like a twin who never had them: by every aggregation, in all answers, and
 * over all invoices.
 */
class VoidIT {

    private static final int EVENTS = Integer.getInteger("void.events", 200);
    private static final int VOIDS = Integer.getInteger("void.voids", 6);
    private static final String ACME = "acme";
    private static final String TWIN = "twin";
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> RULES = rules();

    @TempDir
    private Path data;

    private static Map<String, String> rules() {
        Map<String, String> rules = new TreeMap<>();
        rules.put("calls", "aggregation: count");
        rules.put("total", "aggregation: sum, value: $.units");
        rules.put("least", "aggregation: min, value: $.units");
        rules.put("most", "aggregation: max, value: $.units");
        rules.put("mean", "aggregation: avg, value: $.units");
        rules.put("newest", "aggregation: latest, value: $.units");
        rules.put("users", "aggregation: unique_count, value: $.user");
        rules.put("levels", "aggregation: time_weighted, value: $.units");
        rules.put("deltas", "aggregation: time_weighted, valueKind: delta, value: $.units");
        rules.put("each", "aggregation: sum, perEvent: true, value: $.units");
        return rules;
    }

    @Test
    void whatIsVoidedIsBilledAsIfItHadNeverCome() throws IOException {
        Random random = Seed.random("void");
        List<String> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(content(random));
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        List<Integer> voided = order.subList(0, 2 * VOIDS);
        try (TestingUp up = TestingUp.start("void", data);
                EventLog log = new EventLog(up.bootstrap())) {
            up.service().putCatalog(catalog()).ok();
            for (int i = 0; i < EVENTS; i++) {
                log.send(ACME, MAY.toEpochMilli(), event(ACME, i, events.get(i)));
                if (!voided.contains(i)) {
                    log.send(TWIN, MAY.toEpochMilli(), event(TWIN, i, events.get(i)));
                }
            }
            log.flush();
            up.service().awaitTotal("calls", ACME, Integer.toString(EVENTS));

            TestingCommand first = voiding(up, voided.get(0), "sent twice");
            assertThat(first.exit()).as(first.errors()).isZero();
            assertThat(first.output())
                    .startsWith("voided the event of acme of 2026-04-")
                    .contains("calls, deltas, each");
            voided.subList(1, VOIDS).forEach(id -> voidOne(up.service(), id));
            up.service().awaitTotal("calls", ACME, Integer.toString(EVENTS - VOIDS));
            JsonNode april = up.service().closeOne(MAY, ACME);
            BigDecimal billed = total(april);
            BigDecimal twin = total(up.service().closeOne(MAY, TWIN));

            voided.subList(VOIDS, 2 * VOIDS).forEach(id -> voidOne(up.service(), id));
            up.service().awaitTotal("calls", ACME, Integer.toString(EVENTS - 2 * VOIDS));
            RULES.keySet().forEach(rule -> assertAlike(up.service(), rule));
            up.kill();
            deleteStores();
            up.start();
            RULES.keySet().forEach(rule -> assertAlike(up.service(), rule));

            JsonNode next = up.service().closeOne(JUNE, ACME);
            assertThat(next.get("lines").findValuesAsText("kind")).contains("adjustment");
            billed = billed.add(total(next));
            twin = twin.add(total(up.service().closeOne(JUNE, TWIN)));
            assertThat(billed).isEqualByComparingTo(twin);
            assertExplained(up.service(), april);
            assertExplained(up.service(), next);
            TestingCommand explained = TestingCommand.run(
                    "explain",
                    next.get("id").textValue(),
                    "--line",
                    Integer.toString(correctionOfTheSum(next)),
                    "--url",
                    up.url());
            assertThat(explained.output()).as(explained.errors()).contains(" taken back");
            TestingCommand found = TestingCommand.run(
                    "where-is", "--tenant", ACME, "--source", "/test", "--id", voided.get(0) + "", "--url", up.url());
            assertThat(found.output()).as(found.errors()).contains("voided ").contains("sent twice");
            TestingCommand replay = TestingCommand.run("replay", "--url", up.url());
            assertThat(replay.exit()).as(replay.output() + replay.errors()).isZero();
            assertWrongWishesAreRefused(up, log, voided.get(0), event(ACME, voided.get(0), events.get(voided.get(0))));
        }
    }

    private static void assertWrongWishesAreRefused(TestingUp up, EventLog log, int voided, String event) {
        TestingCommand again = voiding(up, voided, "once more");
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.errors()).contains("was voided at").contains("sent twice");
        TestingCommand never = voiding(up, EVENTS, "what never was");
        assertThat(never.exit()).isEqualTo(2);
        assertThat(never.errors()).contains("no event of acme with source /test and id " + EVENTS + " was accepted");
        assertThat(post(up.service(), "{\"source\":\"/test\",\"id\":\"1\"}").status())
                .isEqualTo(400);
        assertThat(post(up.service(), "{\"source\":\"/test\",\"reason\":\"no id\"}")
                        .status())
                .isEqualTo(400);
        assertThat(post(up.service(), "[").status()).isEqualTo(400);

        // The identity stays taken.
        log.send(ACME, MAY.toEpochMilli(), event);
        log.send(ACME, MAY.toEpochMilli(), event(ACME, EVENTS, "{\"units\":1,\"user\":\"last\"}", MAY.plusSeconds(1)));
        log.flush();
        up.service().awaitTotal("calls", ACME, Integer.toString(EVENTS - 2 * VOIDS + 1));
    }

    private static int correctionOfTheSum(JsonNode invoice) {
        for (int line = 1; line <= invoice.get("lines").size(); line++) {
            JsonNode item = invoice.get("lines").get(line - 1);
            if (item.path("meter").asText().equals("total")
                    && item.path("kind").asText().equals("adjustment")) {
                return line;
            }
        }
        throw new AssertionError("no adjustment of the sum on " + invoice);
    }

    /** What each line about the sum is explained with adds up to its quantity: what was voided in front of it is not listed, and what since is given back. */
    private static void assertExplained(Service service, JsonNode invoice) {
        int explained = 0;
        for (int line = 1; line <= invoice.get("lines").size(); line++) {
            JsonNode item = invoice.get("lines").get(line - 1);
            if (!item.path("meter").asText().equals("total")) {
                continue;
            }
            JsonNode events = service.get("/api/v1/invoices/"
                            + invoice.get("id").textValue() + "/explain?line=" + line + "&limit=1000")
                    .ok()
                    .json()
                    .get("events");
            BigDecimal sum = BigDecimal.ZERO;
            for (JsonNode event : events.get("data")) {
                BigDecimal value = new BigDecimal(event.get("value").textValue());
                sum = event.has("voided") ? sum.subtract(value) : sum.add(value);
            }
            assertThat(events.get("next").isNull()).isTrue();
            assertThat(sum).isEqualByComparingTo(item.get("quantity").textValue());
            explained++;
        }
        assertThat(explained).isPositive();
    }

    private static TestingCommand voiding(TestingUp up, int id, String reason) {
        return TestingCommand.run(
                "void", "--tenant", ACME, "--source", "/test", "--id", id + "", "--reason", reason, "--url", up.url());
    }

    private static void voidOne(Service service, int id) {
        post(service, "{\"source\":\"/test\",\"id\":\"" + id + "\",\"reason\":\"a test\"}")
                .ok();
    }

    private static Service.Answer post(Service service, String body) {
        return service.post("/api/v1/tenants/" + ACME + "/events/void", "application/json", body);
    }

    private static BigDecimal total(JsonNode invoice) {
        return new BigDecimal(invoice.get("total").textValue());
    }

    private static String catalog() {
        StringBuilder meters = new StringBuilder("meters:\n");
        StringBuilder charges = new StringBuilder();
        RULES.forEach((name, rule) -> {
            meters.append("  - {meter: ")
                    .append(name)
                    .append(", eventType: used, ")
                    .append(rule)
                    .append(", dimensions: {region: $.region}}\n");
            String price = name.equals("each")
                    ? "model: percentage, rate: \"10\", fixed: \"0.01\", freeEvents: \"20\""
                    : "model: unit, unitPrice: \"0.37\"";
            charges.append("          - {charge: ")
                    .append(name)
                    .append(", meter: ")
                    .append(name)
                    .append(", ")
                    .append(price)
                    .append("}\n");
        });
        return meters + """
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: all
                        charges:
                """ + charges + """
                subscriptions:
                  - {tenant: acme, plan: all, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
                  - {tenant: twin, plan: all, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
                """;
    }

    private static String content(Random random) {
        return "{\"units\":\"" + random.nextInt(2_000) + ".25\",\"user\":\"u" + random.nextInt(200)
                + "\",\"region\":\"r" + random.nextInt(2) + "\",\"at\":" + random.nextInt(10 * 24 * 60) + "}";
    }

    /** Many in the same hours, and several at one instant. */
    private static String event(String tenant, int id, String content) {
        int minute = content.hashCode() & 0x3FFF;
        return event(tenant, id, content, APRIL.plusSeconds(60L * minute));
    }

    private static String event(String tenant, int id, String content, Instant time) {
        return "{\"specversion\":\"1.0\",\"source\":\"/test\",\"id\":\"" + id
                + "\",\"type\":\"used\",\"subject\":\"" + tenant + "\",\"time\":\"" + time + "\",\"data\":" + content
                + "}";
    }

    private void deleteStores() throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("state"))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void assertAlike(Service service, String rule) {
        for (String more : List.of("&windowSize=HOUR&groupBy=region", "")) {
            String query = "&from=" + APRIL + "&to=" + JUNE + more;
            Deadline.within(PATIENCE)
                    .await(
                            rule + query + " is what the twin has",
                            () -> rows(service, rule, ACME, query).equals(rows(service, rule, TWIN, query))
                                    ? true
                                    : null);
        }
    }

    /** What the rows say beside whose they are. */
    private static List<String> rows(Service service, String rule, String tenant, String query) {
        List<String> rows = new ArrayList<>();
        service.usage(rule, tenant, query)
                .get("data")
                .forEach(row -> rows.add(row.get("windowStart") + " " + row.get("value") + " " + row.get("groupBy")));
        return rows;
    }
}

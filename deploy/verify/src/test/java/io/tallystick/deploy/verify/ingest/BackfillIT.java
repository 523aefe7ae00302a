package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A meter of each aggregation that is added late and filled, while usage comes in and after a crash, equals one that was there from the start. */
class BackfillIT {

    private static final int EVENTS_BEFORE = Integer.getInteger("backfill.events", 4_000);
    private static final int EVENTS_SINCE = 3_000;
    private static final int SMALL_STEP = 1_000;
    private static final int STEP = 50_000;
    private static final List<String> TENANTS = List.of("acme", "globex", "initech");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instant SINCE_10TH = Instant.parse("2026-04-10T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> RULES = rules();

    @TempDir
    private Path data;

    private static Map<String, String> rules() {
        Map<String, String> rules = new TreeMap<>();
        rules.put("count", "aggregation: count");
        rules.put("sum", "aggregation: sum, value: $.units");
        rules.put("min", "aggregation: min, value: $.units");
        rules.put("max", "aggregation: max, value: $.units");
        rules.put("avg", "aggregation: avg, value: $.units");
        rules.put("latest", "aggregation: latest, value: $.units");
        rules.put("unique", "aggregation: unique_count, value: $.user");
        rules.put("levels", "aggregation: time_weighted, value: $.units");
        rules.put("deltas", "aggregation: time_weighted, valueKind: delta, value: $.units");
        rules.put("each", "aggregation: sum, perEvent: true, value: $.units");
        return rules;
    }

    @Test
    void aMeterThatIsFilledLaterEqualsOneThatWasThereFromTheStart() {
        Random random = Seed.random("backfill");
        try (TestingUp up = TestingUp.start("backfill", data);
                EventLog log = new EventLog(up.bootstrap())) {
            up.service().putCatalog(catalog("there")).ok();
            send(0, EVENTS_BEFORE, random, log);
            awaitCount(up.service(), EVENTS_BEFORE);
            up.service().putCatalog(catalog("late")).ok();
            CompletableFuture<Void> live =
                    CompletableFuture.runAsync(() -> send(EVENTS_BEFORE, EVENTS_BEFORE + EVENTS_SINCE, random, log));

            // Killed between two steps, and killed while a step is under way.
            assertThat(step(up.service(), "late_sum", APRIL, SMALL_STEP)
                            .get("done")
                            .booleanValue())
                    .isFalse();
            up.kill();
            up.start();
            long filledSoFar = filled(log, "late_sum");
            assertThat(filledSoFar).isPositive().isLessThan(EVENTS_BEFORE);
            Service service = up.service();
            CompletableFuture<Void> broken = CompletableFuture.runAsync(
                            () -> fillFrom(service, "late_sum", APRIL, SMALL_STEP))
                    .exceptionally(e -> null);
            Deadline.within(PATIENCE)
                    .await("the step is under way", () -> filled(log, "late_sum") > filledSoFar ? true : null);
            up.kill();
            up.start();
            broken.join();

            RULES.keySet().forEach(rule -> fill(up.service(), "late_" + rule));
            live.join();
            awaitCount(up.service(), EVENTS_BEFORE + EVENTS_SINCE);
            RULES.keySet().forEach(rule -> assertAlike(up.service(), rule));
            assertThat(filled(log, "late_sum")).isEqualTo(EVENTS_BEFORE);

            // What is filled stays as it is, and a part of the past may be filled first.
            TestingCommand again = TestingCommand.run("backfill", "late_sum", "--from", APRIL + "", "--url", up.url());
            assertThat(again.exit()).as(again.errors()).isZero();
            assertThat(again.output()).startsWith("nothing to fill: late_sum");
            up.service().putCatalog(catalog("later")).ok();
            fillFrom(up.service(), "later_sum", SINCE_10TH, STEP);
            assertAlike(up.service(), "sum", "later_sum", SINCE_10TH);
            assertThat(up.service()
                            .usage("later_sum", TENANTS.get(0), "&from=" + APRIL + "&to=" + SINCE_10TH)
                            .get("data"))
                    .isEmpty();
            TestingCommand rest = TestingCommand.run("backfill", "later_sum", "--from", APRIL + "", "--url", up.url());
            assertThat(rest.exit()).as(rest.errors()).isZero();
            assertThat(rest.output()).startsWith("filled later_sum from 2026-04-01T00:00:00Z with ");
            assertAlike(up.service(), "sum", "later_sum", APRIL);
            assertWrongWishesAreRefused(up);
        }
    }

    private static void assertWrongWishesAreRefused(TestingUp up) {
        TestingCommand unknown = TestingCommand.run("backfill", "nothing", "--from", APRIL + "", "--url", up.url());
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.errors()).contains("no meter is called nothing");
        up.service()
                .putCatalog("meters:\n  - {meter: from_may, eventType: used, aggregation: count, effectiveFrom: \""
                        + MAY + "\"}\n")
                .ok();
        assertRefused(up.service(), "from_may", "{\"from\":\"" + APRIL + "\"}", "effectiveFrom");
        assertRefused(up.service(), "late_sum", "{\"from\":\"2026-04-01T00:30:00Z\"}", "whole UTC hour");
        assertRefused(up.service(), "late_sum", "{}", "from is an RFC 3339 instant");
        assertRefused(up.service(), "late_sum", "[", "the body is a JSON object");
        assertRefused(up.service(), "late_sum", "{\"from\":\"" + APRIL + "\",\"limit\":0}", "limit is a number");
    }

    private static void assertRefused(Service service, String meter, String body, String detail) {
        Service.Answer answer = service.post("/api/v1/meters/" + meter + "/backfill", "application/json", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").textValue()).contains(detail);
    }

    private static String catalog(String prefix) {
        StringBuilder yaml = new StringBuilder("meters:\n");
        RULES.forEach((name, rule) -> yaml.append("  - {meter: ")
                .append(prefix)
                .append('_')
                .append(name)
                .append(", eventType: used, ")
                .append(rule)
                .append(", dimensions: {region: $.region}, where: {status: [done]}}\n"));
        return yaml.toString();
    }

    /** Out of order over April, and several at one instant; every one is counted, so that sums say how many came. */
    private static void send(int from, int to, Random random, EventLog log) {
        for (int i = from; i < to; i++) {
            Instant time = APRIL.plusSeconds(3600L * random.nextInt(720) + random.nextInt(3));
            String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
            String event = "{\"specversion\":\"1.0\",\"source\":\"/test\",\"id\":\"" + i
                    + "\",\"type\":\"used\",\"subject\":\""
                    + tenant + "\",\"time\":\"" + time + "\",\"data\":{\"status\":\"done\",\"units\":\""
                    + (random.nextInt(2_000) - 500) + ".25\",\"user\":\"u" + random.nextInt(50) + "\",\"region\":\"r"
                    + random.nextInt(3) + "\"}}";
            log.send(tenant, MAY.toEpochMilli(), event);
            if (i % 200 == 0) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos()); // so that live usage comes all along
            }
        }
        log.flush();
    }

    private static void awaitCount(Service service, int events) {
        Deadline.within(PATIENCE).await(events + " events are counted", () -> {
            int counted = 0;
            for (String tenant : TENANTS) {
                counted += Integer.parseInt(service.total("there_count", tenant));
            }
            return counted == events ? true : null;
        });
    }

    private static JsonNode step(Service service, String meter, Instant from, int limit) {
        return service.post(
                        "/api/v1/meters/" + meter + "/backfill",
                        "application/json",
                        "{\"from\":\"" + from + "\",\"limit\":" + limit + "}")
                .ok()
                .json();
    }

    private static void fill(Service service, String meter) {
        fillFrom(service, meter, APRIL, STEP);
    }

    private static void fillFrom(Service service, String meter, Instant from, int limit) {
        Deadline deadline = Deadline.within(PATIENCE);
        while (!step(service, meter, from, limit).get("done").booleanValue()) {
            deadline.check(meter + " is filled");
        }
    }

    private static long filled(EventLog log, String meter) {
        List<ReadingBackfilled> facts = new ArrayList<>();
        log.forEach(Topics::usageAccepted, record -> {
            if (TopicCodecs.ACCEPTED.decode(record.value()) instanceof ReadingBackfilled fact
                    && fact.reading().meter().equals(meter)) {
                facts.add(fact);
            }
        });
        return facts.size();
    }

    private static void assertAlike(Service service, String rule) {
        assertAlike(service, rule, "late_" + rule, APRIL);
    }

    private static void assertAlike(Service service, String rule, String late, Instant from) {
        for (String tenant : TENANTS) {
            for (String more : List.of("&windowSize=HOUR&groupBy=region", "")) {
                String query = "&from=" + from + "&to=" + MAY + more;
                JsonNode there = service.usage("there_" + rule, tenant, query).get("data");
                assertThat(there).isNotEmpty();
                Deadline.within(PATIENCE)
                        .await(
                                late + " of " + tenant + query + " is as if it had been there from the start",
                                () -> service.usage(late, tenant, query)
                                                .get("data")
                                                .equals(there)
                                        ? true
                                        : null);
            }
        }
    }
}

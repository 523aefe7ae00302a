package io.tallystick.deploy.verify.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingUp;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quarter with repeats, disorder and late events, through a crash and the loss of every store: whatever is asked is what the naive computation says. */
class UsageSimulationIT {

    private static final int EVENTS = 10_000;
    private static final int QUERIES = Integer.getInteger("simulation.queries", 20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("America/New_York"), ZoneId.of("Pacific/Auckland"));
    private static final Map<String, String> RULES = Map.of(
            "count", "aggregation: count",
            "sum", "aggregation: sum, value: $.value",
            "min", "aggregation: min, value: $.value",
            "max", "aggregation: max, value: $.value",
            "avg", "aggregation: avg, value: $.value",
            "latest", "aggregation: latest, value: $.value",
            "unique", "aggregation: unique_count, value: $.user",
            "level", "aggregation: time_weighted, value: $.value",
            "delta", "aggregation: time_weighted, valueKind: delta, value: $.value",
            "each", "aggregation: sum, perEvent: true, value: $.value");

    @TempDir
    private Path data;

    @Test
    void everyQuestionIsAnsweredToTheLastDigit() throws IOException {
        Random random = Seed.random("simulation");
        List<SimulatedUsage> events = SimulatedUsage.quarter(random, EVENTS);
        try (TestingUp up = TestingUp.start("simulation", data, "--horizon", "P60D");
                EventLog log = new EventLog(up.bootstrap())) {
            up.service().putCatalog(catalog()).ok();
            int third = events.size() / 3;
            send(events.subList(0, third), log);
            up.kill();
            up.start();
            send(events.subList(third, 2 * third), log);
            up.stop();
            deleteStores();
            up.start();
            send(events.subList(2 * third, events.size()), log);
            awaitAll(up.service());

            int rows = 0;
            for (String rule : new TreeMap<>(RULES).keySet()) {
                for (int i = 0; i < QUERIES; i++) {
                    NaiveQuery query = query(rule, random);
                    Map<String, String> expected = query.answer(events);
                    rows += expected.size();
                    assertThat(answer(up.service(), query)).as(query.toString()).isEqualTo(expected);
                }
            }
            assertThat(rows).as("rows compared").isGreaterThan(QUERIES * RULES.size());
        }
    }

    private static String catalog() {
        StringBuilder yaml = new StringBuilder("meters:\n");
        RULES.forEach((name, rule) -> yaml.append("  - {meter: ")
                .append(name)
                .append(", eventType: used, ")
                .append(rule)
                .append(", dimensions: {model: $.model, region: $.region}}\n"));
        return yaml.toString();
    }

    private static void send(List<SimulatedUsage> events, EventLog log) {
        events.forEach(event -> log.send(event.tenant(), event.timestamp(), event.json()));
        log.flush();
    }

    private void deleteStores() throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("state"))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void awaitAll(Service service) {
        Deadline.within(PATIENCE).await(EVENTS + " events are counted", () -> {
            int counted = 0;
            for (String tenant : SimulatedUsage.TENANTS) {
                counted += Integer.parseInt(service.total("count", tenant));
            }
            return counted == EVENTS ? true : null;
        });
    }

    private static NaiveQuery query(String rule, Random random) {
        String window = List.of("HOUR", "DAY", "MONTH", "").get(random.nextInt(4));
        int hours = (int) SimulatedUsage.LENGTH.toHours();
        Instant from = SimulatedUsage.START.minus(20, ChronoUnit.DAYS).plus(random.nextInt(hours), ChronoUnit.HOURS);
        Instant to = from.plus(1 + random.nextInt(window.equals("HOUR") ? 48 : hours), ChronoUnit.HOURS);
        List<String> groupBy = new ArrayList<>();
        Map<String, String> filter = new TreeMap<>();
        for (String name : List.of("model", "region")) {
            if (random.nextInt(3) == 0) {
                groupBy.add(name);
            }
            if (random.nextInt(3) == 0) {
                filter.put(name, name.equals("model") ? "gpt" : "eu");
            }
        }
        return new NaiveQuery(
                rule,
                SimulatedUsage.TENANTS.get(random.nextInt(2)),
                from,
                to,
                window.isEmpty() ? null : window,
                ZONES.get(random.nextInt(ZONES.size())),
                groupBy,
                filter);
    }

    private static Map<String, String> answer(Service service, NaiveQuery query) {
        Map<String, String> answer = new TreeMap<>();
        for (JsonNode row :
                service.usage(query.rule(), query.tenant(), query.parameters()).get("data")) {
            List<String> group = query.groupBy().stream()
                    .map(name -> row.get("groupBy").get(name).textValue())
                    .toList();
            @Nullable
            String before = answer.put(
                    NaiveQuery.key(
                            row.get("windowStart").textValue(),
                            row.get("windowEnd").textValue(),
                            String.join("/", group)),
                    NaiveQuery.plain(new BigDecimal(row.get("value").textValue())));
            assertThat(before).as("rows of one window and group").isNull();
        }
        return answer;
    }
}

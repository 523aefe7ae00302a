package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.bench.Measurement.Task;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.UsageHistory;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.schemas.topic.Topics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Usage questions over HTTP to an aggregator, one after the other, first when it holds a month and then when it holds a year of hourly windows.
 * The windows are written into the changelogs of its stores, from where a start takes them: the stores are as they would be.
 */
final class Queries {

    private static final int TENANTS = 1_000;
    private static final int EVENTS_PER_TENANT = 1_000;
    private static final int TENANTS_MIN = 10;
    private static final int QUESTIONS = 1_000;
    private static final int QUESTIONS_OF_A_TRIAL = 200;
    private static final LocalDate YEAR = LocalDate.parse("2025-01-01");
    private static final LocalDate DECEMBER = YEAR.withMonth(12);
    private static final String ZONE = "America/New_York";

    private final Task task;
    private final Scratch scratch;
    private final UsageHistory history;
    private final int questions;

    /**
     * What the answers took.
     *
     * @param storeBytes on disk
     */
    record Result(int tenants, int meters, long windows, int questions, long storeBytes, List<Answered> answered) {

        void print(ObjectNode json, PrintWriter out) {
            json.put("tenants", tenants)
                    .put("meters", meters)
                    .put("windows", windows)
                    .put("questions", questions)
                    .put("storeBytes", storeBytes);
            out.printf(
                    Locale.ROOT,
                    "usage questions over HTTP: %,d tenants x %d meters, every hour of a year in use (%,d windows, %,d MiB of"
                            + " stores)%s; %,d questions a line, in milliseconds%n",
                    tenants,
                    meters,
                    windows,
                    storeBytes >> 20,
                    tenants < TENANTS ? "; scaled down, ask for " + TENANTS * EVENTS_PER_TENANT + " events" : "",
                    questions);
            out.printf(Locale.ROOT, "%-52s %10s %10s%n", "", "median", "99 %");
            for (Answered one : answered) {
                json.putObject(one.question())
                        .put("medianMicros", one.medianMicros())
                        .put("99thMicros", one.micros99());
                out.printf(
                        Locale.ROOT,
                        "%-52s %10.2f %10.2f%n",
                        one.question(),
                        one.medianMicros() / 1e3,
                        one.micros99() / 1e3);
            }
        }
    }

    /** One kind of question. */
    record Answered(String question, long medianMicros, long micros99) {}

    Queries(Task task, Scratch scratch) {
        this.task = task;
        this.scratch = scratch;
        int tenants = (int) Math.max(TENANTS_MIN, Math.min(TENANTS, task.events() / EVENTS_PER_TENANT));
        this.history = new UsageHistory(tenants, Topics.PARTITIONS_EMBEDDED);
        this.questions = tenants < TENANTS ? QUESTIONS_OF_A_TRIAL : QUESTIONS;
    }

    Result measure(Topics topics) throws InterruptedException {
        List<Answered> answered = new ArrayList<>();
        try (Broker broker = Broker.start(scratch, "query", topics, UsageHistory.yaml())) {
            Path state = scratch.fresh("query");
            List<String> command = List.of("stages", broker.bootstrap(), state.toString(), "aggregator");
            long windows = load(broker, DECEMBER, YEAR.plusYears(1));
            try (ChildProcess process = start(command)) {
                ServiceClient client = new ServiceClient(Accounting.urlOf(process), null);
                answered.add(ask(client, "December as one row, nothing else there", DECEMBER, 1, null));
                answered.add(ask(client, "December by days, nothing else there", DECEMBER, 1, "DAY"));
            }
            windows += load(broker, YEAR, DECEMBER);
            try (ChildProcess process = start(command)) {
                ServiceClient client = new ServiceClient(Accounting.urlOf(process), null);
                answered.add(ask(client, "a day by hours", null, 0, "HOUR"));
                answered.add(ask(client, "December as one row, behind a year", DECEMBER, 1, null));
                answered.add(ask(client, "December by days, behind a year", DECEMBER, 1, "DAY"));
                answered.add(ask(client, "any month as one row", null, 1, null));
                answered.add(ask(client, "any month by days", null, 1, "DAY"));
                answered.add(ask(client, "the year as one row", YEAR, 12, null));
                answered.add(ask(client, "the year by months", YEAR, 12, "MONTH"));
                answered.add(ask(client, "the year by days", YEAR, 12, "DAY"));
            }
            return new Result(
                    history.tenants(),
                    history.meters().size(),
                    windows,
                    questions,
                    Scratch.bytesOf(state, "usage-"),
                    answered);
        }
    }

    private ChildProcess start(List<String> command) {
        ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command));
        task.status()
                .accept(String.format(
                        Locale.ROOT,
                        "query: the aggregator has its stores after %.1f s",
                        Accounting.readyMillis(process) / 1e3));
        return process;
    }

    private long load(Broker broker, LocalDate firstMonth, LocalDate endMonth) {
        long startedAt = System.nanoTime();
        long windows;
        try (ChangelogProducer rows = new ChangelogProducer(broker, "aggregator")) {
            windows = history.make(firstMonth, endMonth, rows::put);
            rows.flush();
        }
        task.status()
                .accept(String.format(
                        Locale.ROOT,
                        "query: wrote %,d windows in %.1f s",
                        windows,
                        (System.nanoTime() - startedAt) / 1e9));
        return windows;
    }

    /**
     * @param first of the range, or null for any day or month of the year
     * @param months how many, or 0 for a day
     */
    private Answered ask(
            ServiceClient client, String question, @Nullable LocalDate first, int months, @Nullable String window) {
        SplittableRandom random = new SplittableRandom(1);
        List<String> meters = history.meters();
        long[] nanos = new long[questions];
        for (int number = -questions / 4; number < questions; number++) { // the first quarter warms up
            String meter = meters.get(random.nextInt(meters.size()));
            LocalDate from = first != null
                    ? first
                    : months == 0 ? YEAR.plusDays(random.nextInt(365)) : YEAR.plusMonths(random.nextInt(12));
            LocalDate to = months == 0 ? from.plusDays(1) : from.plusMonths(months);
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            parameters.put("subject", EventMix.tenant(random.nextInt(history.tenants())));
            parameters.put("from", from + "T00:00:00Z");
            parameters.put("to", to + "T00:00:00Z");
            parameters.put("windowSize", window);
            parameters.put("windowTimeZone", window == null ? null : ZONE);
            long startedAt = System.nanoTime();
            int rows = client.get("/api/v1/meters/" + meter + "/query", parameters)
                    .path("data")
                    .size();
            if (number >= 0) {
                nanos[number] = System.nanoTime() - startedAt;
            }
            if (rows == 0) {
                throw new IllegalStateException("no answer to " + parameters);
            }
        }
        Arrays.sort(nanos);
        task.status().accept("query: " + question);
        return new Answered(question, Results.at(nanos, 50) / 1_000, Results.at(nanos, 99) / 1_000);
    }
}

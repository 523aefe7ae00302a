package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.bench.Measurement;
import io.tallystick.deploy.app.bench.Measurement.Task;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What all runs gave, as text and as JSON. Ratios are taken within one repetition, so that a slow minute hits both. */
final class Results {

    private final Task task;
    private long repeats;
    private long restartMillis;
    private final Map<Subject, List<Run.Result>> runs = new EnumMap<>(Subject.class);
    private final Set<Subject> subjects;
    private Restore.@Nullable Result restore;
    private Latency.@Nullable Result latency;
    private Queries.@Nullable Result queries;
    private ReplayProcess.@Nullable Result replay;
    private ReplayBeside.@Nullable Result beside;
    private final Map<String, String> failed = new LinkedHashMap<>();

    Results(Task task, Set<Subject> subjects) {
        this.task = task;
        this.subjects = subjects;
    }

    void add(Subject subject, Run.Result result) {
        runs.computeIfAbsent(subject, unused -> new ArrayList<>()).add(result);
    }

    void restore(Restore.Result result) {
        restore = result;
    }

    void latency(Latency.Result result) {
        latency = result;
    }

    void queries(Queries.Result result) {
        queries = result;
    }

    void replay(ReplayProcess.Result result) {
        replay = result;
    }

    void beside(ReplayBeside.Result result) {
        beside = result;
    }

    /** How many of the events say again what stands before them. */
    void repeats(long count) {
        repeats = count;
    }

    /** From a start of all stages, with their stores, until ready. */
    void restart(long millis) {
        restartMillis = millis;
    }

    void failed(String part, String why) {
        failed.put(part, why);
    }

    double median(Subject subject) {
        return median(values(subject, Run.Result::eventsPerSecond));
    }

    /** Prints the results and returns them. */
    ObjectNode print(PrintWriter out) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("events", task.events()).put("repetitions", task.repetitions());
        ObjectNode machine = json.putObject("machine");
        Machine.describe(machine);
        out.println("machine: " + Machine.line(machine));
        Set<Subject> measured = EnumSet.noneOf(Subject.class); // those with every repetition, where something failed
        subjects.stream()
                .filter(subject -> runs.getOrDefault(subject, List.of()).size() == task.repetitions())
                .forEach(measured::add);
        ObjectNode ratios = json.putObject("ratios");
        ObjectNode spread = json.putObject("ratioSpread");
        if (!measured.isEmpty()) {
            printRates(measured, json, ratios, spread, out);
        }
        Restore.Result restored = restore;
        if (restored != null) {
            printState(restored, json.putObject("state"), out);
        }
        Latency.Result delays = latency;
        if (delays != null) {
            printLatency(delays, json.putObject("latency"), out);
        }
        if (restartMillis > 0) {
            json.put("pipelineCleanRestartSeconds", restartMillis / 1e3);
            out.printf(
                    Locale.ROOT,
                    "clean restart of all stages that have read %,d events: ready after %.1f s%n",
                    task.events(),
                    restartMillis / 1e3);
        }
        Queries.Result asked = queries;
        if (asked != null) {
            asked.print(json.putObject("query"), out);
        }
        ReplayProcess.Result replayed = replay;
        if (replayed != null) {
            ReplayRate.print(replayed, json.putObject("replay"), out);
        }
        ReplayBeside.Result delayed = beside;
        if (delayed != null) {
            delayed.print(json.putObject("replayBeside"), out);
        }
        if (!failed.isEmpty()) {
            ObjectNode reasons = json.putObject(Measurement.FAILED);
            failed.forEach((part, why) -> {
                reasons.put(part, why);
                out.println(part + " FAILED: " + why);
            });
        }
        return json;
    }

    private void printRates(
            Set<Subject> measured, ObjectNode json, ObjectNode ratios, ObjectNode spread, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d events, %,d of them repeats; %d repetitions; rates of the second half of each run%n%n",
                task.events(),
                repeats,
                task.repetitions());
        out.printf(
                Locale.ROOT,
                "%-26s %9s %20s %18s %9s %9s %8s %8s%n",
                "",
                "events/s",
                "of the copy (spread)",
                "by CPU (spread)",
                "app s/M",
                "brkr s/M",
                "stolen",
                "peak MiB");
        for (Subject subject : measured) {
            ObjectNode one = json.putObject(subject.json());
            ArrayNode rates = one.putArray("eventsPerSecond");
            for (double rate : values(subject, Run.Result::eventsPerSecond)) {
                rates.add(rounded(rate, 0));
            }
            one.put("median", rounded(median(subject), 0));
            put(one, "wholeRunEventsPerSecond", subject, Run.Result::wholeEventsPerSecond, 0);
            put(one, "firstQuarterEventsPerSecond", subject, Run.Result::firstQuarterEventsPerSecond, 0);
            put(one, "appCpuSecondsPerMillion", subject, Run.Result::appCpu, 2);
            put(one, "brokerCpuSecondsPerMillion", subject, Run.Result::brokerCpu, 2);
            put(one, "stolenShare", subject, Run.Result::stolenShare, 3);
            put(one, "peakMemoryBytes", subject, Run.Result::peakBytes, 0);
            String toCopy = "";
            String byCpu = "";
            if (subject != Subject.COPY && measured.contains(Subject.COPY)) {
                toCopy = ratio(ratios, spread, subject.json(), subject, Subject.COPY);
                double[] cpu = quotients(Subject.COPY, subject, Run.Result::cpu);
                one.put("toCopyByCpu", rounded(median(cpu), 3));
                byCpu = shown(cpu);
            }
            out.printf(
                    Locale.ROOT,
                    "%-26s %,9.0f %20s %18s %9.2f %9.2f %7.1f%% %8.0f%n",
                    subject.title(),
                    median(subject),
                    toCopy,
                    byCpu,
                    median(values(subject, Run.Result::appCpu)),
                    median(values(subject, Run.Result::brokerCpu)),
                    median(values(subject, Run.Result::stolenShare)) * 100,
                    median(values(subject, Run.Result::peakBytes)) / (1 << 20));
        }
        if (measured.contains(Subject.INGEST_AGGREGATE) && measured.contains(Subject.TEXTBOOK)) {
            out.printf(
                    Locale.ROOT,
                    "%ningest and aggregation to the textbook: %s%n",
                    ratio(ratios, spread, "ingest_aggregate_to_textbook", Subject.INGEST_AGGREGATE, Subject.TEXTBOOK));
        }
    }

    private static void printState(Restore.Result restored, ObjectNode json, PrintWriter out) {
        double bytes = (double) restored.stateBytes() / restored.identities();
        double logged = (double) restored.changelogBytes() / restored.identities();
        json.put("identities", restored.identities())
                .put("bytesPerIdentity", rounded(bytes, 1))
                .put("changelogBytesPerIdentity", rounded(logged, 1))
                .put("restoreSeconds", restored.restoreMillis() / 1e3)
                .put("cleanRestartSeconds", restored.cleanRestartMillis() / 1e3);
        out.printf(
                Locale.ROOT,
                "state: %.1f bytes per identity on disk, %.1f in the changelog; to ready with the stores of %,d"
                        + " identities lost %.1f s, with them in place %.1f s%n",
                bytes,
                logged,
                restored.identities(),
                restored.restoreMillis() / 1e3,
                restored.cleanRestartMillis() / 1e3);
    }

    private static void printLatency(Latency.Result latency, ObjectNode json, PrintWriter out) {
        json.put("eventsPerSecond", rounded(latency.eventsPerSecond(), 0))
                .put("measured", latency.probes())
                .put("missing", latency.missing())
                .put("toTotalMedianMs", at(latency.toTotal(), 50))
                .put("toTotal99thMs", at(latency.toTotal(), 99))
                .put("toChargeMedianMs", at(latency.toCharge(), 50))
                .put("toCharge99thMs", at(latency.toCharge(), 99));
        out.printf(
                Locale.ROOT,
                "latency at %,.0f events/s, of %d events: to total %d ms (99%%: %d), to charge %d ms (99%%: %d)%s%n",
                latency.eventsPerSecond(),
                latency.probes(),
                at(latency.toTotal(), 50),
                at(latency.toTotal(), 99),
                at(latency.toCharge(), 50),
                at(latency.toCharge(), 99),
                latency.missing() == 0 ? "" : "; " + latency.missing() + " did not arrive");
    }

    /** The smallest value that so many percent of all do not exceed; -1 when it never arrived. */
    static long at(long[] sorted, int percent) {
        long value = sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
        return value == Long.MAX_VALUE ? -1 : value;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double[] values(Subject subject, ToDoubleFunction<Run.Result> value) {
        return Objects.requireNonNull(runs.get(subject)).stream()
                .mapToDouble(value)
                .toArray();
    }

    /** One for each repetition. */
    private double[] quotients(Subject subject, Subject base, ToDoubleFunction<Run.Result> value) {
        double[] quotients = values(subject, value);
        double[] bases = values(base, value);
        for (int at = 0; at < quotients.length; at++) {
            quotients[at] /= bases[at];
        }
        return quotients;
    }

    private void put(ObjectNode json, String name, Subject subject, ToDoubleFunction<Run.Result> value, int scale) {
        json.put(name, rounded(median(values(subject, value)), scale));
    }

    private String ratio(ObjectNode ratios, ObjectNode spread, String name, Subject subject, Subject base) {
        double[] all = quotients(subject, base, Run.Result::eventsPerSecond);
        ratios.put(name, rounded(median(all), 3));
        spread(spread, name, all);
        return shown(all);
    }

    private static void spread(ObjectNode json, String name, double[] ratios) {
        json.putArray(name)
                .add(rounded(Arrays.stream(ratios).min().orElseThrow(), 3))
                .add(rounded(Arrays.stream(ratios).max().orElseThrow(), 3));
    }

    private static String shown(double[] ratios) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f-%.2f)",
                median(ratios),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow());
    }

    private static double rounded(double value, int scale) {
        double unit = Math.pow(10, scale);
        return Math.round(value * unit) / unit;
    }
}

package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code replay} of everything that the pipeline has made, both halves, in a process of its own and with nothing else running. */
final class ReplayRate {

    private static final String MAIN = "io.tallystick.deploy.app.Main";
    private static final String HEAP = "1536m";
    private static final long PATIENCE_MINUTES = 60;

    /**
     * What it took.
     *
     * @param events of {@code usage.events} that were looked at
     * @param seconds from the start of the process to its end
     */
    record Result(long events, double seconds, int threads) {

        double eventsPerSecond() {
            return events / seconds;
        }

        void print(ObjectNode json, PrintWriter out) {
            json.put("events", events)
                    .put("eventsPerSecond", Math.round(eventsPerSecond()))
                    .put("seconds", Math.round(seconds * 10) / 10.0)
                    .put("threads", threads);
            out.printf(
                    Locale.ROOT,
                    "replay of %,d events and what follows from them: %,.0f events/s with %d threads, identical%n",
                    events,
                    eventsPerSecond(),
                    threads);
        }
    }

    private ReplayRate() {}

    /** A Failure when anything is different. */
    static Result measure(Broker broker, Path errors) throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseParallelGC", "-Xmx" + Jvm.heap(HEAP), "-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(List.of("replay", "--json", "--kafka", broker.bootstrap(), "--threads", threads + ""));
        long startedAt = System.nanoTime();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(errors.resolve("replay.err").toFile())
                    .start();
            JsonNode report = read(process);
            double seconds = (System.nanoTime() - startedAt) / 1e9;
            if (process.exitValue() != 0) {
                throw Failure.checkFailed(
                        "replay exits with " + process.exitValue() + " and " + report.path("differences")
                                + " differences",
                        "see " + errors.resolve("replay.err"));
            }
            return new Result(report.path("events").longValue(), seconds, threads);
        } catch (IOException e) {
            throw Failure.unreachable("replay cannot be started (" + e.getMessage() + ")", "run it again", e);
        }
    }

    private static JsonNode read(Process process) throws IOException, InterruptedException {
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw Failure.unreachable("replay does not end", "run it again");
            }
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw Failure.unreachable("replay gave no result", "look at what it says above", e);
        } finally {
            process.destroy();
        }
    }
}

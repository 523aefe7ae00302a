package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@code replay} of everything, both halves, in a process of its own that is started as the launcher starts it. */
final class ReplayProcess implements AutoCloseable {

    private static final String MAIN = "io.tallystick.deploy.app.Main";
    private static final String HEAP = "1536m";
    private static final long PATIENCE_MINUTES = 60;

    private final Process process;
    private final Path directory;
    private final long startedAt = System.nanoTime();

    /**
     * What it took.
     *
     * @param events of {@code usage.events} that were looked at
     * @param seconds from the start of the process to its end
     */
    record Result(long events, double seconds) {

        double eventsPerSecond() {
            return events / seconds;
        }
    }

    private ReplayProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** @param directory for what it says and for its temporary files */
    static ReplayProcess start(Broker broker, Path directory) {
        try {
            Path files = Files.createDirectories(directory.resolve("tmp"));
            List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(Jvm.stages(HEAP));
            command.addAll(List.of("-Djava.io.tmpdir=" + files, "-cp", System.getProperty("java.class.path"), MAIN));
            command.addAll(List.of("replay", "--json", "--kafka", broker.bootstrap()));
            return new ReplayProcess(
                    new ProcessBuilder(command)
                            .redirectOutput(directory.resolve("replay.out").toFile())
                            .redirectError(directory.resolve("replay.err").toFile())
                            .start(),
                    directory);
        } catch (IOException e) {
            throw Failure.unreachable("replay cannot be started (" + e.getMessage() + ")", "run it again", e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Waits for its end; a Failure when anything is different, or left behind. */
    Result await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw Failure.unreachable("replay does not end", "run it again");
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        JsonNode report = report();
        if (process.exitValue() != 0) {
            throw Failure.checkFailed(
                    "replay exits with " + process.exitValue() + " and " + report.path("differences")
                            + " differences, the first of them "
                            + report.path("findings").path(0),
                    "this is a defect: report it");
        }
        requireNothingLeft();
        return new Result(report.path("events").longValue(), seconds);
    }

    private JsonNode report() {
        try {
            String said = Files.readString(directory.resolve("replay.out"));
            return new JsonMapper().readTree(said.substring(Math.max(0, said.indexOf('{')))); // a profiler speaks first
        } catch (JsonProcessingException e) {
            throw Failure.unreachable("replay gave no result: " + said(), "run it again", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("replay.err")).strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void requireNothingLeft() {
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            List<Path> files =
                    left.filter(file -> !file.endsWith("hsperfdata_root")).toList();
            if (!files.isEmpty()) {
                throw Failure.checkFailed("replay has left " + files, "this is a defect: report it");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package io.tallystick.deploy.bench.process;

import io.tallystick.deploy.app.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One {@link Child} with the class path of this process. It ends when its standard input does, so also when this process dies. */
public final class ChildProcess implements AutoCloseable {

    private static final long STOP_PATIENCE_SECONDS = 60;

    private final Process process;
    private final String ready;

    private ChildProcess(Process process, String ready) {
        this.process = process;
        this.ready = ready;
    }

    /** Starts, and waits until the child is ready. */
    public static ChildProcess start(List<String> jvm, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Dorg.slf4j.simpleLogger.log.io.tallystick.deploy.app.role.RestoreLog=warn");
        // What a start on topics that were just deleted asks for in vain, some thousand times.
        command.add("-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.admin.internals=off");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Child.class.getName());
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            while (line != null && !line.startsWith(Child.READY)) { // a profiler speaks first
                line = said.readLine();
            }
            if (line == null) {
                process.destroyForcibly();
                throw Failure.unreachable(
                        "the process of " + arguments.get(0) + " ended before it was ready", "see above why");
            }
            return new ChildProcess(process, line.substring(Child.READY.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the child said of itself when it was ready. */
    public String ready() {
        return ready;
    }

    /** Processor time so far, in all threads. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory it ever had, in bytes; 0 where the system does not tell. */
    public long peakBytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            return Files.exists(status)
                    ? Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                            .findFirst()
                            .orElse(0)
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void requireAlive() {
        if (!process.isAlive()) {
            throw Failure.unreachable("a process that is measured has died", "see above why");
        }
    }

    /** Ends it at once, and waits until it has: it writes no more. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

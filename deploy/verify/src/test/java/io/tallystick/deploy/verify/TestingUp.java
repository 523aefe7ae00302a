package io.tallystick.deploy.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real {@code tallystick up} in a process of its own, that can be killed and started again on the same data and the same
 * ports. Its standard error goes to a file below {@code target/proof-logs}.
 */
public final class TestingUp implements AutoCloseable {

    /** Of a space that a proof makes: enough for hops and for two instances, and quickly there again after a kill. */
    public static final int PARTITIONS = 4;

    private static final Pattern READY = Pattern.compile("ready (http://\\S+) kafka (\\S+)");
    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final List<String> arguments;
    private @Nullable Process process;
    private String url = "";
    private String bootstrap = "";

    private TestingUp(String name, List<String> arguments) {
        this.name = name;
        this.arguments = arguments;
    }

    /** On fixed free ports, since clients that reconnect after a crash must find it again. */
    public static TestingUp start(String name, Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of("up", "--data", data.toString()));
        arguments.addAll(List.of("--port", Integer.toString(FreePort.next())));
        if (!List.of(more).contains("--kafka")) {
            arguments.addAll(List.of("--kafka-port", Integer.toString(FreePort.next())));
        }
        if (!List.of(more).contains("--partitions")) {
            arguments.addAll(List.of("--partitions", Integer.toString(PARTITIONS)));
        }
        arguments.addAll(List.of(more));
        return startWith(name, arguments);
    }

    /** With exactly these arguments. */
    public static TestingUp startWith(String name, List<String> arguments) {
        TestingUp up = new TestingUp(name, List.copyOf(arguments));
        up.start();
        return up;
    }

    /** Starts it again, with the same arguments; returns when it says that it is ready. */
    public void start() {
        List<String> command = TestingCommand.java("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(arguments);
        Path log = TestingCommand.logs().resolve(name + ".log");
        try {
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            Matcher ready = READY.matcher(firstLineOf(started, log));
            if (!ready.matches()) {
                throw new AssertionError("`up` said no ready line, but " + Files.readString(log));
            }
            url = ready.group(1);
            bootstrap = ready.group(2);
        } catch (IOException e) {
            throw new AssertionError("`up` does not start", e);
        }
    }

    public Service service() {
        return new Service(url);
    }

    public String url() {
        return url;
    }

    public String bootstrap() {
        return bootstrap;
    }

    public long pid() {
        return running().pid();
    }

    /** {@code kill -9}. */
    public void kill() {
        end(running().destroyForcibly());
    }

    /** {@code SIGTERM}; gives the exit status. */
    public int stop() {
        Process stopping = running();
        stopping.destroy();
        end(stopping);
        return stopping.exitValue();
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            stop();
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private void end(Process ending) {
        try {
            if (!ending.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new AssertionError("`up` did not stop within " + STOP_PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            throw new AssertionError("interrupted while `up` stops", e);
        }
    }

    private static String firstLineOf(Process process, Path log) {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                String first = output.readLine();
                return first == null ? "" : first;
            } catch (IOException e) {
                return "";
            }
        });
        try {
            return line.get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("`up` was not ready within " + START_PATIENCE.toSeconds() + " s; see " + log, e);
        } catch (Exception e) {
            process.destroyForcibly();
            throw new AssertionError("`up` does not start; see " + log, e);
        }
    }

    /** What it wrote to standard error so far. */
    public String errors() throws IOException {
        return Files.readString(TestingCommand.logs().resolve(name + ".log"));
    }
}

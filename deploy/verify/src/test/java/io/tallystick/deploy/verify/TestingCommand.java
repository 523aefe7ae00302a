package io.tallystick.deploy.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command line of {@code deploy/tallystick}, run in a process of its own.
 *
 * @param exit the exit status
 */
public record TestingCommand(int exit, String output, String errors) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Runs it to its end. */
    public static TestingCommand run(String... arguments) {
        return run(Map.of(), arguments);
    }

    public static TestingCommand run(Map<String, String> environment, String... arguments) {
        List<String> command = java("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(logs(), arguments[0] + "-", ".out");
            Path errors = Files.createTempFile(logs(), arguments[0] + "-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "not within " + PATIENCE.toSeconds() + " s: " + List.of(arguments) + "; see " + errors);
            }
            return new TestingCommand(process.exitValue(), Files.readString(output), Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** The beginning of a command that runs the app from the classes under test. */
    static List<String> java(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.tallystick.deploy.app.Main"));
        return command;
    }

    /** Where processes that a proof starts leave what they say. */
    static Path logs() {
        try {
            return Files.createDirectories(Path.of(System.getProperty("proof.logs", "target/proof-logs")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code kcat}, a producer on librdkafka, which clients of most languages but Java stand on. */
final class TestingKcat {

    private static final int PATIENCE_S = 60;

    private final String bootstrap;

    private TestingKcat(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** Skips the test where there is no kcat. */
    static TestingKcat on(String bootstrap) {
        assumeTrue(isOnThePath("kcat"), "kcat is not on the PATH; install Debian's package kcat to see what it shows");
        return new TestingKcat(bootstrap);
    }

    static boolean isOnThePath(String command) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /**
     * Sends one message.
     *
     * @param more options, as {@code -H name=value} and {@code -k key}
     */
    void send(String message, String... more) {
        List<String> command =
                new ArrayList<>(List.of("kcat", "-q", "-P", "-b", bootstrap, "-t", "usage.events", "-c", "1"));
        command.addAll(List.of(more));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(message.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}

package io.tallystick.deploy.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.cli.Tallystick;
import io.tallystick.deploy.app.demo.DemoEvents.DemoEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is derived without brokers is what the whole pipeline bills. */
class EstimateOfDemoTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theSampleMonthIsEstimatedAsThePipelineBillsIt() throws IOException {
        assertThat(run("demo", "--once", "--seed", "3")).isZero();
        String billed = out.toString();
        Path events = directory.resolve("events.jsonl");
        Files.write(events, DemoEvents.of(3).stream().map(DemoEvent::value).toList());
        Path catalog = directory.resolve("catalog.yaml");
        try (InputStream sample = Objects.requireNonNull(Demo.class.getResourceAsStream("sample-catalog.yaml"))) {
            Files.copy(sample, catalog);
        }
        out.getBuffer().setLength(0);

        int status = run(
                "estimate",
                "--catalog",
                catalog.toString(),
                "--events",
                events.toString(),
                "--through",
                "2026-05-01T00:00:00Z");

        assertThat(status).as(err.toString()).isZero();
        assertThat(found("sha256:[0-9a-f]{64}", out.toString()))
                .isEqualTo(found("sha256:[0-9a-f]{64}", billed))
                .hasSizeGreaterThanOrEqualTo(3);
        String counts = found("(\\d+[ |]+){3}\\d+", billed).get(0);
        assertThat(found("\\d+", err.toString()).subList(0, 4)).isEqualTo(found("\\d+", counts));
    }

    private int run(String... arguments) {
        return Tallystick.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }
}

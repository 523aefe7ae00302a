package io.tallystick.deploy.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.bench.Measurement;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private final StringWriter out = new StringWriter();
    private final Measurement.Task task =
            new Measurement.Task(1_000, 2, 0, Set.of(), new PrintWriter(out, true), said -> {});

    @Test
    void namesWhatFailedBehindEverythingElse() {
        Results results = new Results(task, EnumSet.of(Subject.COPY));
        results.add(Subject.COPY, run(100));
        results.add(Subject.COPY, run(300));
        results.failed("restore", "it stands still");

        ObjectNode json = results.print(task.out());

        assertThat(json.path("copy").path("median").asInt()).isEqualTo(200);
        assertThat(json.path(Measurement.FAILED).path("restore").asText()).isEqualTo("it stands still");
        assertThat(out.toString().lines().reduce((first, last) -> last)).hasValue("restore FAILED: it stands still");
    }

    @Test
    void leavesOutWhatWasNotRepeatedAsOftenAsTheOthers() {
        Results results = new Results(task, EnumSet.of(Subject.COPY, Subject.INGEST));
        results.add(Subject.COPY, run(100));
        results.add(Subject.COPY, run(300));
        results.add(Subject.INGEST, run(50));

        ObjectNode json = results.print(task.out());

        assertThat(json.has("copy")).isTrue();
        assertThat(json.has("ingest")).isFalse();
        assertThat(json.path("ratios")).isEmpty();
        assertThat(json.has(Measurement.FAILED)).isFalse();
    }

    @Test
    void comparesWithTheCopyOfTheSameRepetition() {
        Results results = new Results(task, EnumSet.of(Subject.COPY, Subject.INGEST));
        results.add(Subject.COPY, run(100, 2));
        results.add(Subject.COPY, run(300, 3));
        results.add(Subject.INGEST, run(50, 4));
        results.add(Subject.INGEST, run(60, 12));

        ObjectNode json = results.print(task.out());

        assertThat(json.path("ratios").path("ingest").asDouble()).isEqualTo(0.35);
        assertThat(json.path("ratioSpread").path("ingest").toString()).isEqualTo("[0.2,0.5]");
        assertThat(json.path("ingest").path("toCopyByCpu").asDouble()).isEqualTo(0.375);
        assertThat(json.path("ingest").path("stolenShare").asDouble()).isEqualTo(0.1);
        assertThat(out.toString()).contains("0.35 (0.20-0.50)", "0.38 (0.25-0.50)", "10.0%");
    }

    private static Run.Result run(double rate) {
        return run(rate, 2);
    }

    private static Run.Result run(double rate, double cpu) {
        return new Run.Result(rate, rate, rate, cpu / 2, cpu / 2, 0.1, 1 << 20);
    }
}

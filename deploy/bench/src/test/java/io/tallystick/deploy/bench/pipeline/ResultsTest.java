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

    private static Run.Result run(double rate) {
        return new Run.Result(rate, rate, rate, 1, 1, 1 << 20);
    }
}

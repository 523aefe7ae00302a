package io.tallystick.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.cli.Tallystick;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void listsTheMeasurementsAndTheirParts() {
        assertThat(bench("--only", "list")).isZero();
        assertThat(out.toString()).contains("all: ").contains("copy, textbook, ingest, ingest_aggregate, pipeline");
        assertThat(out.toString()).contains("latency, restore, query").contains("identities: ");
    }

    @Test
    void measuresManyIdentitiesOnlyWhenAskedTo() {
        assertThat(bench("--only", "ingest,identities")).isEqualTo(2);
        assertThat(err.toString()).contains("--only is ingest,identities").contains("identities");
    }

    @Test
    void refusesFewerIdentitiesThanTellAnything() {
        assertThat(bench("--only", "restore", "--identities", "999")).isEqualTo(2);
        assertThat(err.toString()).contains("--identities is 999");
    }

    @Test
    void refusesAPartThatThereIsNotAndSaysWhichThereAre() {
        assertThat(bench("--only", "copy,copies")).isEqualTo(2);
        assertThat(err.toString()).contains("--only is copy,copies").contains("ingest_aggregate");
    }

    @Test
    void refusesFewerEventsThanTellAnything() {
        assertThat(bench("--only", "copy", "--events", "999")).isEqualTo(2);
        assertThat(err.toString()).contains("--events is 999");
    }

    @Test
    void refusesAFileThatCannotBeWrittenBeforeItMeasures() {
        String file = Path.of("no", "such", "directory", "file.json").toString();
        assertThat(bench("--only", "copy", "--json", file)).isEqualTo(2);
        assertThat(err.toString()).contains(file);
    }

    private int bench(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "bench";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Tallystick.run(new PrintWriter(out), new PrintWriter(err), all);
    }
}

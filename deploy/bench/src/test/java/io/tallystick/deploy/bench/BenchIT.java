package io.tallystick.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.cli.Tallystick;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark with few events: it ends, and it counts right. Its rates mean nothing. {@code -Dbench.parts=all} runs all of it,
 * {@code -Dbench.parts=identities} the one with many identities.
 */
class BenchIT {

    private static final String ALL = "all";
    private static final String IDENTITIES = "identities";
    private static final String PARTS = System.getProperty("bench.parts", "copy,ingest");
    private static final List<String> SUBJECTS = List.of("copy", "textbook", "ingest", "ingest_aggregate", "pipeline");

    @Test
    void measuresAndCountsRight(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("result.json");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Tallystick.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "bench",
                "--only",
                PARTS,
                "--events",
                "20000",
                "--repetitions",
                "1",
                "--json",
                file.toString());
        assertThat(status).as(err.toString()).isZero();
        JsonNode result = new JsonMapper().readTree(Files.readString(file));
        if (PARTS.equals(IDENTITIES)) {
            assertThat(result.path("identities").asLong()).isGreaterThanOrEqualTo(200_000);
            assertThat(result.path("oldAmongThem").asInt()).isPositive();
            assertThat(result.path("eventsPerSecond").asDouble()).isPositive();
            return;
        }
        assertThat(PARTS.equals(ALL) ? SUBJECTS : List.of(PARTS.split(",", -1))).allSatisfy(subject -> {
            assertThat(result.path(subject).path("eventsPerSecond")).hasSize(1);
            assertThat(result.path(subject).path("median").asDouble()).isPositive();
        });
        assertThat(result.path("ratios").path("ingest").asDouble()).isPositive();
        if (PARTS.equals(ALL)) {
            assertThat(result.path("latency").path("missing").asInt()).isZero();
            assertThat(result.path("pipelineCleanRestartSeconds").asDouble()).isPositive();
            assertThat(result.path("state").path("identities").asLong()).isEqualTo(200_000);
            assertThat(result.path("state").path("bytesPerIdentity").asDouble()).isPositive();
            assertThat(result.path("state").path("restoreSeconds").asDouble()).isPositive();
            assertThat(result.path("query").path("windows").asLong()).isEqualTo(20L * 10 * 24 * 365);
            assertThat(result.path("query")
                            .path("the year by days")
                            .path("99thMicros")
                            .asLong())
                    .isPositive();
        }
    }
}

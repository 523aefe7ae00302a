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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark with few events: it ends, it counts right, it leaves nothing behind. Its rates mean nothing. */
class BenchIT {

    @Test
    void measuresEveryPartAndLeavesNothingBehind(@TempDir Path directory) throws Exception {
        List<Path> before = leftovers();
        Path file = directory.resolve("result.json");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Tallystick.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "bench",
                "--events",
                "20000",
                "--repetitions",
                "1",
                "--json",
                file.toString());
        assertThat(status).as(err.toString()).isZero();
        JsonNode result = new JsonMapper().readTree(Files.readString(file));
        assertThat(List.of("copy", "ingest", "ingest_aggregate", "pipeline", "textbook"))
                .allSatisfy(subject -> {
                    assertThat(result.path(subject).path("eventsPerSecond")).hasSize(1);
                    assertThat(result.path(subject).path("median").asDouble()).isPositive();
                });
        assertThat(result.path("ratios").path("ingest_aggregate").asDouble()).isPositive();
        assertThat(result.path("latency").path("missing").asInt()).isZero();
        assertThat(result.path("state").path("bytesPerIdentity").asDouble()).isPositive();
        assertThat(out.toString()).contains("whole pipeline to charges");
        assertThat(leftovers()).isEqualTo(before);
    }

    private static List<Path> leftovers() throws Exception {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("tallystick-bench-"))
                    .sorted()
                    .toList();
        }
    }
}

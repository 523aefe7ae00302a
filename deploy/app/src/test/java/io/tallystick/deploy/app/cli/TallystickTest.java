package io.tallystick.deploy.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.role.MemorySizes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TallystickTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysInOneLineWhatIsWrongWithItsUse() {
        assertThat(run()).isEqualTo(2);
        assertThat(errors()).isEqualTo("tallystick: no command is given: see 'tallystick --help'");
    }

    @Test
    void refusesUnknownOptions() {
        assertThat(run("invoices", "--colour")).isEqualTo(2);
        assertThat(errors())
                .startsWith("tallystick: Unknown option: '--colour'")
                .endsWith("'tallystick invoices --help'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void saysThatAServiceCannotBeReached() {
        assertThat(run("invoices", "--url", "http://127.0.0.1:1")).isEqualTo(3);
        assertThat(errors())
                .isEqualTo("tallystick: nothing answers at http://127.0.0.1:1: "
                        + "start the service with 'tallystick up', or name another with --url");
    }

    @Test
    void refusesAUrlThatIsNone() {
        assertThat(run("invoices", "--url", "not a url")).isEqualTo(2);
        assertThat(errors()).contains("'not a url' is not the address of a service");
    }

    @Test
    void saysThatAClusterCannotBeReached() {
        assertThat(run("up", "--kafka", "127.0.0.1:1", "--port", "0", "--data", directory.toString()))
                .isEqualTo(3);
        assertThat(errors()).startsWith("tallystick: the Kafka cluster 127.0.0.1:1 cannot be reached");
    }

    @Test
    void saysThatADataDirectoryCannotBeWritten() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(run("up", "--port", "0", "--data", file.resolve("data").toString()))
                .isEqualTo(2);
        assertThat(errors())
                .contains(file.resolve("data") + " cannot be written")
                .contains("--data");
    }

    @Test
    void saysThatAPortIsTakenBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(run(
                            "up",
                            "--port",
                            port,
                            "--data",
                            directory.resolve("a").toString()))
                    .isEqualTo(2);
            assertThat(errors()).contains("port " + port + " on 127.0.0.1").contains("--port");
            assertThat(directory.resolve("a")).doesNotExist();
        }
    }

    @Test
    void refusesInstantsOffTheHour() {
        assertThat(run("close", "--through", "2026-05-01T00:30:00Z")).isEqualTo(2);
        assertThat(errors()).contains("'2026-05-01T00:30:00Z' is not on a whole UTC hour");
    }

    @Test
    void refusesDurationsThatAreNone() {
        assertThat(run("up", "--horizon", "35 days")).isEqualTo(2);
        assertThat(errors()).contains("'35 days' is not an ISO-8601 duration such as P35D");
        err.getBuffer().setLength(0);
        assertThat(run("up", "--grace", "-PT1H")).isEqualTo(2);
        assertThat(errors()).contains("'-PT1H' is not a duration from PT0S");
        err.getBuffer().setLength(0);
        assertThat(run("up", "--review", "P36526D")).isEqualTo(2);
    }

    @Test
    void refusesSizesThatAreNone() {
        assertThat(run("up", "--identity-heap", "much")).isEqualTo(2);
        assertThat(errors()).contains("'much' is not a size such as 256M");
    }

    @Test
    void refusesSizesThatCannotWorkBeforeAnythingStarts() {
        for (String[] wrong : new String[][] {
            {"--identity-heap", "1019K", "12 partitions need at least 1044480 bytes of heap, not 1043456"},
            {"--identity-heap", "900G", "at most half of the heap"},
            {"--identity-filters", "127K", "the identity filters need at least 131072 bytes, not 130048"},
            {"--identity-filters", "900G", "as much memory off the heap as the heap has"},
            {"--rocksdb-memory", "31M", "the stores need at least 33554432 bytes, not 32505856"},
            {"--rocksdb-memory", "900000G", "more than this machine has"}
        }) {
            err.getBuffer().setLength(0);
            assertThat(run("up", "--port", "0", "--data", directory.toString(), wrong[0], wrong[1]))
                    .as(wrong[0] + " " + wrong[1])
                    .isEqualTo(2);
            assertThat(errors()).contains(wrong[0]).contains(wrong[2]).contains("TALLYSTICK_HEAP");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void readsSizesInPowersOf1024() {
        ByteSize size = new ByteSize();
        assertThat(size.convert("96M")).isEqualTo(MemorySizes.DEFAULT.identityHeapBytes());
        assertThat(size.convert("256MiB")).isEqualTo(MemorySizes.DEFAULT.identityFilterBytes());
        assertThat(size.convert("256mb")).isEqualTo(MemorySizes.DEFAULT.rocksDbBytes());
        assertThat(size.convert("2G")).isEqualTo(2L << 30);
        assertThat(size.convert("3k")).isEqualTo(3072);
        assertThat(size.convert("4096")).isEqualTo(4096);
    }

    @Test
    void refusesToMigrateToWhatIsNoSpace() {
        assertThat(run("migrate", "--to-space", "x", "--partitions", "0")).isEqualTo(2);
        assertThat(errors()).contains("--partitions is 0").contains("at least 1");
        err.getBuffer().setLength(0);
        assertThat(run("migrate", "--to-space", "x", "--partitions", "10001")).isEqualTo(2);
        assertThat(errors()).contains("--partitions is 10001").contains("at most 10000");
        err.getBuffer().setLength(0);
        assertThat(run("migrate", "--to-space", "x", "--partitions", "10000", "--url", "http://127.0.0.1:1"))
                .isEqualTo(3);
        err.getBuffer().setLength(0);
        assertThat(run("migrate", "--to-space", "Not_A_Space", "--partitions", "6"))
                .isEqualTo(2);
        assertThat(errors()).contains("Not_A_Space").contains("--to-space");
        err.getBuffer().setLength(0);
        assertThat(run("migrate", "--to-space", "x")).isEqualTo(2);
        assertThat(errors()).contains("--partitions");
    }

    @Test
    void refusesASpaceWithoutItsCluster() {
        for (List<String> command : List.of(
                List.of("migrate", "--to-space", "x", "--partitions", "6"),
                List.of("send", "events.jsonl"),
                List.of("replay"),
                List.of("replay", "--from", "bundle"),
                List.of(
                        "export",
                        "--period",
                        "2026-04",
                        "--to",
                        directory.resolve("out").toString()),
                List.of("where-is", "--tenant", "a", "--idempotency-key", "k"))) {
            err.getBuffer().setLength(0);
            List<String> args = new ArrayList<>(command);
            args.addAll(List.of("--url", "http://127.0.0.1:1", "--space", "s"));

            assertThat(run(args.toArray(String[]::new)))
                    .as(String.join(" ", args))
                    .isEqualTo(2);
            assertThat(errors()).contains("--space s goes with --kafka");
        }
    }

    @Test
    void refusesAThresholdThatIsNoPercentage() {
        for (String wrong : List.of("abc", "-1", "15%")) {
            err.getBuffer().setLength(0);
            assertThat(run("reconcile", "cost", "--file", "x.csv", "--meter", "m", "--threshold", wrong))
                    .isEqualTo(2);
            assertThat(errors())
                    .contains("--threshold")
                    .contains("'" + wrong + "' is not a percentage such as 15")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void everyCommandShowsItsHelp() {
        for (String command : new CommandLine(new Tallystick()).getSubcommands().keySet()) {
            for (String option : List.of("-h", "--help")) {
                out.getBuffer().setLength(0);
                assertThat(run(command, option)).as(command + " " + option).isZero();
                assertThat(out.toString()).contains("Usage: tallystick ");
            }
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void listsItsCommands() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("demo", "up", "apply", "send", "invoices", "price", "estimate", "replay", "migrate");
    }

    @Test
    void ratesLinesAndGoesOnBehindABrokenOne() throws IOException {
        Path lines = Files.writeString(directory.resolve("lines.jsonl"), """
                {"id":"a","currency":"USD","charge":{"model":"unit","unitPrice":"0.05"},"quantity":"82.1"}
                {"id":"b","currency":"USD","charge":{"model":"unit"},"quantity":"1"}

                not json
                {"id":"c","currency":"JPY","charge":{"model":"unit","unitPrice":"0.5"},"quantity":"1"}
                """);

        assertThat(run("price", lines.toString())).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        a -> assertThat(a).startsWith("{\"id\":\"a\",\"amount\":\"4.11\",\"exact\":\"4.105\""),
                        b -> assertThat(b).startsWith("{\"id\":\"b\",\"error\":{\"path\":\"charge.unitPrice\""),
                        broken -> assertThat(broken).contains("\"error\"").contains("not JSON"),
                        c -> assertThat(c).startsWith("{\"id\":\"c\",\"amount\":\"1\""));
    }

    @Test
    void pricesAFileWithAByteOrderMarkAndWindowsLineEnds() throws IOException {
        String text = """
                {"id":"a","currency":"USD","charge":{"model":"unit","unitPrice":"1"},"quantity":"2"}

                {"id":"a","currency":"USD","charge":{"model":"unit","unitPrice":"1"},"quantity":1e400000000}
                """;
        Path lines = Files.writeString(directory.resolve("windows.jsonl"), "\uFEFF" + text.replace("\n", "\r\n"));

        assertThat(run("price", lines.toString())).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("{\"id\":\"a\",\"amount\":\"2.00\""),
                        huge -> assertThat(huge).startsWith("{\"id\":\"a\",\"error\":{\"path\":\"quantity\""));
    }

    @Test
    void anEstimateExplainsWhatAnotherVersionWouldCost() throws IOException {
        Path catalog = Files.writeString(directory.resolve("catalog.yaml"), """
                meters: [{meter: calls, eventType: call, aggregation: sum, value: $.n}]
                pricing:
                  - {version: v1, effectiveFrom: "2026-01-01T00:00:00Z", currency: USD, plans: [{plan: p,
                     charges: [{charge: calls, model: unit, meter: calls, unitPrice: "2"}]}]}
                  - {version: v2, effectiveFrom: "2099-01-01T00:00:00Z", currency: USD, plans: [{plan: p,
                     charges: [{charge: calls, model: unit, meter: calls, unitPrice: "1"}]}]}
                subscriptions: [{tenant: acme, plan: p, start: "2026-05-01T00:00:00Z", shadow: [v2]}]
                """);
        Path events = Files.writeString(directory.resolve("events.jsonl"), """
                {"specversion":"1.0","id":"1","source":"s","type":"call","subject":"acme",\
                "time":"2026-05-02T10:00:00Z","data":{"n":"100"}}
                """);

        assertThat(run(
                        "estimate",
                        "--catalog",
                        catalog.toString(),
                        "--events",
                        events.toString(),
                        "--through",
                        "2026-06-01T00:00:00Z"))
                .isZero();
        assertThat(out.toString().lines())
                .containsSequence(
                        "total 200.00 USD",
                        "under v2 it would be 100.00 (-100.00)",
                        "  May: 100 calls. Under v2: 100.00 USD instead of 200.00 USD.");
    }

    @Test
    void doesNotSayThatAllIsWellWhenNobodyReadsTheResults() throws IOException {
        String line = "{\"currency\":\"USD\",\"charge\":{\"model\":\"flat\",\"amount\":\"1\"}}\n";
        Path few = Files.writeString(directory.resolve("few.jsonl"), line);
        Path many = Files.writeString(directory.resolve("many.jsonl"), line.repeat(5000));
        for (Path file : List.of(few, many)) {
            Writer full = new Writer() {
                @Override
                public void write(char[] chars, int from, int length) throws IOException {
                    throw new IOException("no space left on device");
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

            assertThat(Tallystick.run(
                            new PrintWriter(full, true), new PrintWriter(err, true), "price", file.toString()))
                    .isEqualTo(2);
            assertThat(errors()).contains("standard output cannot be written");
            err.getBuffer().setLength(0);
        }
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThat(run("price", directory.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(errors()).contains("there is no file " + directory.resolve("nowhere"));
    }

    @Test
    void namesASettingThatIsNone() throws IOException {
        Path config = Files.writeString(directory.resolve("config.yaml"), "prot: 8080\n");

        assertThat(run("up", "--config", config.toString())).isEqualTo(2);
        assertThat(errors()).contains("'prot' in " + config + " is no setting of 'up'");
    }

    @Test
    void takesSettingsFromTheConfigFileUnlessTheCommandLineSaysOtherwise() throws IOException {
        Path config = Files.writeString(directory.resolve("config.yaml"), "listen: 0.0.0.0\nport: 0\n");

        assertThat(run("up", "--config", config.toString())).isEqualTo(2);
        assertThat(errors()).contains("listening on 0.0.0.0 would open the service");
        err.getBuffer().setLength(0);
        assertThat(run("up", "--config=" + config, "--listen", "192.0.2.1")).isEqualTo(2);
        assertThat(errors()).contains("listening on 192.0.2.1");
    }

    private int run(String... args) {
        return Tallystick.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    /** All of standard error, which is one line. */
    private String errors() {
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString().strip();
    }
}

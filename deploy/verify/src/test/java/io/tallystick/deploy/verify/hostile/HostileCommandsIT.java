package io.tallystick.deploy.verify.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Command lines that cannot work: one line that says what and where, and the exit status of the contract. */
class HostileCommandsIT {

    @TempDir
    private Path directory;

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());

            failsWith(2, port, "up", "--data", directory.toString(), "--port", port, "--kafka-port", "0");
            failsWith(2, port, "up", "--data", directory.toString(), "--port", "0", "--kafka-port", port);
        }
    }

    @Test
    void aDataDirectoryBelowAFileIsNamed() throws IOException {
        Path below = Files.createFile(directory.resolve("file")).resolve("data");

        failsWith(2, below.toString(), "up", "--data", below.toString(), "--port", "0", "--kafka-port", "0");
    }

    @Test
    void aClusterThatDoesNotAnswerIsUnreachable() {
        failsWith(3, "127.0.0.1:1", "up", "--data", directory.toString(), "--port", "0", "--kafka", "127.0.0.1:1");
        failsWith(
                3,
                "127.0.0.1:1",
                "run",
                "ingest",
                "--data",
                directory.toString(),
                "--port",
                "0",
                "--kafka",
                "127.0.0.1:1");
    }

    @Test
    void aServiceThatDoesNotAnswerIsUnreachable() throws IOException {
        Path catalog = Files.writeString(directory.resolve("catalog.yaml"), "meters: []");
        Path events = Files.writeString(directory.resolve("events.jsonl"), "{}");
        String url = "http://127.0.0.1:1";

        failsWith(3, url, "invoices", "--url", url);
        failsWith(3, url, "apply", catalog.toString(), "--url", url);
        failsWith(3, url, "send", events.toString(), "--url", url);
        failsWith(3, url, "usage", "requests", "--tenant", "acme", "--url", url);
        failsWith(3, url, "close", "--through", "2026-05-01T00:00:00Z", "--url", url);
    }

    @Test
    void wrongUseIsExplained() {
        failsWith(2, "--no-such-option", "up", "--no-such-option");
        failsWith(2, "no-such-command", "no-such-command");
        failsWith(2, "--through", "close");
        failsWith(2, "soon", "close", "--through", "soon");
        failsWith(2, "no-such-file", "send", directory.resolve("no-such-file").toString());
        failsWith(2, "no-such-file", "apply", directory.resolve("no-such-file").toString());
        failsWith(2, "no-such-role", "run", "no-such-role", "--kafka", "127.0.0.1:1");
    }

    @Test
    @ExtendWith(SharedUp.class)
    void aBrokenCatalogueIsToldInFull(TestingUp up) throws IOException {
        Path catalog = Files.writeString(directory.resolve("catalog.yaml"), """
                meters:
                  - {meter: broken_a, eventType: x, aggregation: sometimes}
                  - {meter: broken_b, aggregation: count}
                """);

        TestingCommand refused = failsWith(2, "meters[0].aggregation", "apply", catalog.toString(), "--url", up.url());

        assertThat(refused.errors()).contains("meters[1].eventType");
    }

    private static TestingCommand failsWith(int exit, String named, String... arguments) {
        TestingCommand command = TestingCommand.run(arguments);
        assertThat(command.exit()).as(command.errors()).isEqualTo(exit);
        assertThat(command.output()).isEmpty();
        assertThat(command.errors()).contains(named);
        assertThat(command.errors().strip().lines()).as(command.errors()).hasSize(1);
        return command;
    }
}

package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.cost.CostExport;
import io.tallystick.deploy.app.cost.CostExports;
import io.tallystick.deploy.app.cost.CostSchedule;
import io.tallystick.deploy.app.cost.KafkaAlertOnce;
import io.tallystick.deploy.app.replay.KafkaLog;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.schemas.topic.Space;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a process compares suppliers' exports by night. */
final class CostOptions {

    private static final String API_KEY = "TALLYSTICK_API_KEY";

    @Option(
            names = "--costs",
            paramLabel = "FILE",
            description = "A YAML file of suppliers' daily exports to compare with what was metered, each night.")
    private @Nullable Path costs;

    /** What is to be done once a process is ready; everything that can be refused is refused now. */
    Consumer<Node> whenReady(String space, boolean hasKeys) {
        Path file = costs;
        if (file == null) {
            return node -> {};
        }
        List<CostExport> exports = read(file);
        String key = System.getenv(API_KEY);
        if (hasKeys && key == null) {
            throw Failure.wrongInput(
                    "--costs asks the process itself what was metered, and it answers only with a key",
                    "set " + API_KEY + " to the key of a reader of all tenants");
        }
        return node -> {
            try (KafkaLog log = KafkaLog.open(node.bootstrap(), new Space(space))) {
                new CostSchedule(
                                exports,
                                new ServiceMeteredDays(new ServiceClient(node.url(), key)),
                                new KafkaAlertOnce(node.bootstrap(), log.topics()),
                                InstantSource.system())
                        .start();
            }
        };
    }

    private static List<CostExport> read(Path file) {
        try (InputStream content = Inputs.open(file)) {
            return CostExports.read(content);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput(
                    "--costs " + file + ": " + e.getMessage(),
                    "see 'Held against a supplier's figures' in usage.md",
                    e);
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
    }
}

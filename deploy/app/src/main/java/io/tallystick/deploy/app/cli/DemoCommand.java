package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.demo.Demo;
import io.tallystick.deploy.app.role.ClosingSchedule;
import io.tallystick.deploy.app.role.MemorySizes;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import io.tallystick.deploy.app.role.Role;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the sample month through the whole pipeline. */
@Command(
        name = "demo",
        description =
                "Send a month of sample events through the whole pipeline, print the invoices, serve the console.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    /** The month may lie in the future of a machine with an old clock. */
    private static final Duration TIMESTAMPS_AHEAD = Duration.ofDays(36_500);

    /** Enough to show that tenants are apart, and a third of the stores to open. */
    private static final int PARTITIONS = 4;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--once", description = "Exit when the invoices are printed.")
    private boolean once;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Which month (default: ${DEFAULT-VALUE}): the same seed gives the same invoices.")
    private long seed;

    @Option(names = "--port", paramLabel = "P", defaultValue = "0", description = "Of HTTP (default: any free one).")
    private int port;

    @Option(names = "--data", paramLabel = "DIR", description = "A new directory to keep (default: a temporary one).")
    private @Nullable Path data;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path kept = data;
        if (kept != null) {
            if (Files.exists(kept.resolve("kafka"))) {
                throw Failure.wrongInput(
                        "there is data in " + kept.toAbsolutePath() + " already",
                        "name a new directory with --data, or start that one with 'tallystick up --data'");
            }
            run(kept, out, () -> {});
            return 0;
        }
        try (TemporaryDirectory temporary = TemporaryDirectory.make("tallystick-demo-")) {
            run(temporary.path(), out, temporary::remove);
        }
        return 0;
    }

    private void run(Path directory, PrintWriter out, Runnable afterSignal) {
        PrintWriter err = spec.commandLine().getErr();
        NodeSettings settings = new NodeSettings(
                EnumSet.allOf(Role.class),
                directory,
                "127.0.0.1",
                port,
                null,
                null,
                0,
                TIMESTAMPS_AHEAD,
                Space.DEFAULT,
                PARTITIONS,
                ClosingSchedule.MANUAL,
                null,
                null,
                MemorySizes.DEFAULT,
                ProviderSettings.none());
        try (Status status = new Status(err)) {
            status.say("starting Kafka and the four stages");
            if (once) {
                try (Node node = Node.start(settings)) {
                    sample(node, status, out);
                }
            } else {
                NodeRunner.run(
                        settings,
                        node -> {
                            sample(node, status, out);
                            status.clear();
                            out.println();
                            out.println("The console is at " + node.url() + "/ until you stop this with Ctrl-C.");
                            out.flush();
                        },
                        afterSignal);
            }
        }
    }

    private void sample(Node node, Status status, PrintWriter out) {
        try {
            String topic = new Topics(Space.DEFAULT, 1).usageEvents().name();
            new Demo(new ServiceClient(node.url(), null), node.bootstrap(), topic, status::say).run(seed, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "run it again", e);
        }
    }
}

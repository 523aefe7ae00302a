package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import io.tallystick.deploy.app.role.Role;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: the whole pipeline in one process. */
@Command(
        name = "up",
        description = "Run the whole pipeline in this process until it is told to stop.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private NodeOptions options;

    @Option(names = "--kafka", paramLabel = "BOOTSTRAP", description = "A cluster to use instead of an embedded Kafka.")
    private @Nullable String kafka;

    @Option(
            names = "--kafka-port",
            paramLabel = "K",
            defaultValue = "0",
            description = "Of the embedded Kafka (default: any free one).")
    private int kafkaPort;

    @Option(
            names = "--roles",
            paramLabel = "LIST",
            split = ",",
            description = "Only these of ingest, aggregator, rater, invoicer; needs --kafka unless all.")
    private @Nullable List<Role> roles;

    @Override
    public Integer call() {
        Set<Role> all = EnumSet.allOf(Role.class);
        Set<Role> chosen = roles == null ? all : EnumSet.copyOf(roles);
        if (kafka == null && !chosen.equals(all)) {
            throw Failure.wrongInput(
                    "with an embedded Kafka nobody else could run the other roles", "name a cluster with --kafka");
        }
        PrintWriter out = spec.commandLine().getOut();
        NodeSettings settings = options.settings(chosen, kafka, kafkaPort);
        Consumer<Node> whenReady = options.whenReady();
        NodeRunner.run(settings, node -> {
            whenReady.accept(node);
            out.println("ready " + node.url() + " kafka " + node.bootstrap());
            out.flush();
        });
        return 0;
    }
}

package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.role.Node;
import io.tallystick.deploy.app.role.NodeSettings;
import io.tallystick.deploy.app.role.Role;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: one role, as deployed. */
@Command(name = "run", description = "Run one role until it is told to stop.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private NodeOptions options;

    @Parameters(paramLabel = "ROLE", description = "One of ingest, aggregator, rater, invoicer.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Role role;

    @Option(names = "--kafka", required = true, paramLabel = "BOOTSTRAP", description = "The cluster.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String kafka;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        NodeSettings settings = options.settings(EnumSet.of(role), kafka, 0);
        Consumer<Node> whenReady = options.whenReady();
        NodeRunner.run(settings, node -> {
            whenReady.accept(node);
            out.println("ready " + node.url() + " kafka " + node.bootstrap());
            out.flush();
        });
        return 0;
    }
}

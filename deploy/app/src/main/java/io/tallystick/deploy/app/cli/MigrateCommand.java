package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.migrate.SpaceMigration;
import io.tallystick.deploy.app.replay.KafkaLog;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate}: the same space with another number of partitions. */
@Command(
        name = "migrate",
        description = "Make a new space with another number of partitions out of this one, which must be at rest.",
        mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Option(names = "--to-space", required = true, paramLabel = "S", description = "The new space's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String toSpace;

    @Option(names = "--partitions", required = true, paramLabel = "N", description = "How many it gets, for ever.")
    private int partitions;

    @Option(
            names = "--discard-unfinished",
            description = "First remove what a migration to this space has left that was killed; none may be running.")
    private boolean discardUnfinished;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PartitionCount.require(partitions);
        Space to;
        try {
            to = new Space(toSpace);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput(String.valueOf(e.getMessage()), "choose another --to-space", e);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (KafkaLog from = log.open();
                TemporaryDirectory directory = TemporaryDirectory.make("tallystick-migrate-")) {
            SpaceMigration migration = new SpaceMigration(from, to, partitions, directory.path());
            SpaceMigration.Report report =
                    ReplayProgress.show("wrote", migration::progress, () -> migration.run(discardUnfinished), err);
            boolean isSame = report.differences().isEmpty();
            if (json) {
                out.println(Output.json(tree(report)));
            } else {
                report.differences().forEach(finding -> out.println(finding.place() + ": " + finding.difference()));
                out.println(report.invoices() + " invoices, " + report.deliveries() + " deliveries, "
                        + report.accepted()
                        + " accepted records and " + report.events() + " events in " + partitions + " partitions: "
                        + (isSame
                                ? "identical"
                                : report.differences().size() + " differences; space " + toSpace + " is removed"));
            }
            if (isSame && report.open() > 0) {
                err.println(report.open() + " deliveries are not over: whatever space " + report.fromSpace()
                        + " sends from now on, space " + toSpace + " does not know of");
            }
            if (isSame) {
                err.println("now stop the processes of space " + report.fromSpace() + " and start them with --space "
                        + toSpace + "; producers then write to "
                        + new Topics(to, partitions).usageEvents().name());
            }
            return isSame ? 0 : Failure.CHECK_FAILED;
        }
    }

    private static ObjectNode tree(SpaceMigration.Report report) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("identical", report.differences().isEmpty());
        tree.put("fromSpace", report.fromSpace());
        tree.put("toSpace", report.toSpace());
        tree.put("partitions", report.partitions());
        tree.put("events", report.events());
        tree.put("accepted", report.accepted());
        tree.put("invoices", report.invoices());
        tree.put("deliveries", report.deliveries());
        tree.put("deliveriesOpen", report.open());
        ArrayNode differences = tree.putArray("differences");
        report.differences()
                .forEach(finding ->
                        differences.addObject().put("place", finding.place()).put("difference", finding.difference()));
        return tree;
    }
}

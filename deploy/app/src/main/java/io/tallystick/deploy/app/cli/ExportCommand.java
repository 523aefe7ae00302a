package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.bundle.BundleExport;
import io.tallystick.deploy.app.replay.LogSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export}: a period's invoices with everything they follow from. */
@Command(
        name = "export",
        description =
                "Write a period's invoices, and all they follow from, to a directory that 'replay --from' verifies.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Option(
            names = "--period",
            required = true,
            paramLabel = "MONTH",
            converter = Instants.Month.class,
            description = "Invoices of periods that start in this month, as 2026-04.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String period;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "A directory, new or empty.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (LogSource source = log.open()) {
            BundleExport export = new BundleExport(source, YearMonth.parse(period), directory);
            BundleExport.Written written = ReplayProgress.show(
                    "wrote", export::progress, export::write, spec.commandLine().getErr());
            if (json) {
                out.println(Output.json(JSON.valueToTree(written)));
            } else {
                out.println(written.invoices() + " invoices of " + period + ", " + written.records() + " records in "
                        + written.files() + " files in " + directory);
                out.println("manifest " + written.manifest());
            }
            return 0;
        }
    }
}

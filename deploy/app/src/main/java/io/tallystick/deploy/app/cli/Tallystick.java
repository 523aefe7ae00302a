package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: results on standard output, everything else on standard error, and one line for each error. */
@Command(
        name = "tallystick",
        version = "tallystick 0.1.0",
        description = "Usage metering and billing on Kafka: every invoice is a function of a prefix of the log.",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        subcommands = {
            CommandLine.HelpCommand.class,
            DemoCommand.class,
            UpCommand.class,
            RunCommand.class,
            ApplyCommand.class,
            SendCommand.class,
            UsageCommand.class,
            CloseCommand.class,
            InvoicesCommand.class,
            ShowInvoiceCommand.class,
            PriceCommand.class,
            EstimateCommand.class,
            ReplayCommand.class,
            ExplainCommand.class,
            WhereIsCommand.class,
            ExportCommand.class,
            RejectedCommand.class,
            BenchCommand.class,
            ReconcileCommand.class,
            BackfillCommand.class,
            VoidCommand.class,
            MigrateCommand.class,
        })
public final class Tallystick implements Callable<Integer> {

    /** A bug of ours, as sysexits.h names it; everything a user can cause is 1, 2 or 3. */
    private static final int EXIT_INTERNAL_ERROR = 70;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private boolean verbose;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens, and show where an error comes from.")
    void setVerbose(boolean verbose) {
        this.verbose = verbose;
        if (verbose) { // before the first logger is made
            System.setProperty("org.slf4j.simpleLogger.log.io.tallystick", "info");
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        }
    }

    /** Runs one command on the process's own streams. */
    public static int run(String... args) {
        return run(
                new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                args);
    }

    /** Runs one command. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        Tallystick tallystick = new Tallystick();
        CommandLine commandLine = new CommandLine(tallystick)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    err.println("tallystick: " + firstLine(e) + ": see '"
                            + e.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help'");
                    return Failure.WRONG_INPUT;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> tallystick.report(e, err));
        try {
            for (String name : List.of("up", "run")) {
                CommandLine command = commandLine.getSubcommands().get(name);
                if (args.length > 0 && args[0].equals(name) && command != null) {
                    command.setDefaultValueProvider(ConfigFile.of(command.getCommandSpec(), args));
                }
            }
        } catch (Failure e) {
            return tallystick.report(e, err);
        }
        int status = commandLine.execute(args);
        err.flush();
        if (out.checkError() && status == 0) { // a PrintWriter says nothing by itself
            return tallystick.report(Output.unwritable(), err);
        }
        return status;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }

    private int report(Exception e, PrintWriter err) {
        int status;
        if (e instanceof Failure failure) {
            err.println("tallystick: " + failure.getMessage());
            status = failure.exitStatus();
        } else if (e instanceof ParameterException wrong) {
            err.println("tallystick: " + firstLine(wrong) + ": see '"
                    + wrong.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help'");
            status = Failure.WRONG_INPUT;
        } else {
            err.println("tallystick: this is a bug in Tallystick (" + e
                    + "): run it again with --verbose, and report what it prints");
            status = EXIT_INTERNAL_ERROR;
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        return status;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}

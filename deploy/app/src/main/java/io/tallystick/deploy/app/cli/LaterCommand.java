package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command that is promised and not there yet; it says so instead of doing half of it. */
@Command(hidden = true)
final class LaterCommand implements Callable<Integer> {

    static final List<String> NAMES = List.of("migrate");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Unmatched
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // picocli sets it
    private List<String> arguments;

    @Override
    public Integer call() {
        throw Failure.wrongInput(
                "'" + spec.name() + "' is not available in this version", "see 'tallystick --help' for what is");
    }
}

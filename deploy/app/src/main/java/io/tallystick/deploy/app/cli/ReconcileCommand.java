package io.tallystick.deploy.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code reconcile}: the ledger held against somebody else's figures. */
@Command(
        name = "reconcile",
        description = "Compare what was metered and billed with what others say; exits 1 when it differs.",
        mixinStandardHelpOptions = true,
        subcommands = {ReconcileCostCommand.class, ReconcileStripeCommand.class, ReconcilePaystackCommand.class})
final class ReconcileCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to reconcile with: cost, stripe, paystack");
    }
}

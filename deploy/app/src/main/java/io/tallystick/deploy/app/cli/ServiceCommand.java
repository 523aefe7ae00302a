package io.tallystick.deploy.app.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a running service. */
abstract class ServiceCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ServiceOptions service;

    /** Does the work; anything but success is a Failure. */
    abstract void run(ServiceClient client, PrintWriter out, PrintWriter err);

    @Override
    public final Integer call() {
        run(service.client(), spec.commandLine().getOut(), spec.commandLine().getErr());
        return 0;
    }
}

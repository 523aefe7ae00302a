package io.tallystick.deploy.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code rejected}. */
@Command(name = "rejected", mixinStandardHelpOptions = true)
final class RejectedCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return 2;
    }
}

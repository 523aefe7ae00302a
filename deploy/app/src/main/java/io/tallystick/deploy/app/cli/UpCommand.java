package io.tallystick.deploy.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code up}. */
@Command(name = "up", mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return 2;
    }
}

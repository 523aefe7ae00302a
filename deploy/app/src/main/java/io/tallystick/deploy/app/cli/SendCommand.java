package io.tallystick.deploy.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code send}. */
@Command(name = "send", mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return 2;
    }
}

package io.tallystick.deploy.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code price}. */
@Command(name = "price", mixinStandardHelpOptions = true)
final class PriceCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return 2;
    }
}

package io.tallystick.deploy.app.cli;

import picocli.CommandLine.Option;

/** {@code --help} without the other standard option, for commands whose {@code --version} is a pricing version. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean asked;
}

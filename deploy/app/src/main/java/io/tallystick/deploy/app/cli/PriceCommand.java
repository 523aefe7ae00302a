package io.tallystick.deploy.app.cli;

import io.tallystick.rater.http.PriceLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code price}: rates JSON lines without a server. */
@Command(
        name = "price",
        description = "Rate JSON lines without a server: one answer for each line, an error where it cannot be rated.",
        mixinStandardHelpOptions = true)
final class PriceCommand implements Callable<Integer> {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int LOOK_EVERY_LINES = 1000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "JSON lines; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Inputs.open(file), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            if (line != null && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            for (long number = 1; line != null; line = lines.readLine(), number++) {
                if (!line.isBlank()) {
                    out.write(PriceLines.answer(line));
                    out.write('\n');
                }
                if (number % LOOK_EVERY_LINES == 0 && out.checkError()) {
                    throw Output.unwritable(); // nobody reads the rest
                }
            }
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
        out.flush();
        return 0;
    }
}

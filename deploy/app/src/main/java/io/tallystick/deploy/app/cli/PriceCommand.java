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
            String line;
            while ((line = lines.readLine()) != null) {
                if (!line.isBlank()) {
                    out.write(PriceLines.answer(line));
                    out.write('\n');
                }
            }
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
        out.flush();
        return 0;
    }
}

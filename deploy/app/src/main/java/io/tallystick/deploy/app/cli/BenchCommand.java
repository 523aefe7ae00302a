package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bench.Measurement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench}: the measurements of {@code deploy/bench}, which the launcher puts on the class path for this command alone. */
@Command(
        name = "bench",
        description = "Measure how fast this machine counts and prices events; without --only, the whole pipeline.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    private static final String WHOLE = "all";
    private static final int REPETITIONS_MAX = 100;
    private static final long EVENTS_MIN = 1_000;
    private static final long EVENTS_MAX = 200_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many events each run has (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(
            names = "--repetitions",
            paramLabel = "R",
            defaultValue = "3",
            description = "How often each run is done (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--identities",
            paramLabel = "N",
            description = "How many identities 'restore' and 'identities' have (default: ten times the events, of which"
                    + " 'restore' has at most 10 million).")
    private @Nullable Long identities;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file, as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            defaultValue = WHOLE,
            description = "Which measurement, or which parts of one, as in copy,ingest (default: ${DEFAULT-VALUE});"
                    + " 'list' shows them all.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String only;

    @Override
    public Integer call() throws InterruptedException {
        List<Measurement> all = new ArrayList<>();
        ServiceLoader.load(Measurement.class).forEach(all::add);
        all.sort(Comparator.comparing(Measurement::name));
        if (all.isEmpty()) {
            throw Failure.wrongInput(
                    "the measurements are not on the class path", "start them by deploy/tallystick bench in a clone");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (only.equals("list")) {
            for (Measurement one : all) {
                out.println(one.name() + ": " + one.description());
                if (!one.parts().isEmpty()) {
                    out.println("  parts: " + String.join(", ", one.parts()));
                }
            }
            return 0;
        }
        Set<String> wanted = new LinkedHashSet<>(List.of(only.split(",", -1)));
        Measurement chosen = all.stream()
                .filter(one -> wanted.equals(Set.of(one.name())) || one.parts().containsAll(wanted))
                .findFirst()
                .orElseThrow(() -> Failure.wrongInput("--only is " + only, "it is one of " + choices(all)));
        if (events < EVENTS_MIN || events > EVENTS_MAX) {
            throw Failure.wrongInput("--events is " + events, "it is " + EVENTS_MIN + " to " + EVENTS_MAX);
        }
        if (repetitions < 1 || repetitions > REPETITIONS_MAX) {
            throw Failure.wrongInput("--repetitions is " + repetitions, "it is 1 to " + REPETITIONS_MAX);
        }
        Long wantedIdentities = identities;
        if (wantedIdentities != null && (wantedIdentities < EVENTS_MIN || wantedIdentities > EVENTS_MAX)) {
            throw Failure.wrongInput(
                    "--identities is " + wantedIdentities, "it is " + EVENTS_MIN + " to " + EVENTS_MAX);
        }
        Path file = json;
        if (file != null) {
            write(file, ""); // better now than after half an hour
        }
        Set<String> parts = wanted.contains(chosen.name()) ? Set.copyOf(chosen.parts()) : wanted;
        PrintWriter err = spec.commandLine().getErr();
        long chosenIdentities = wantedIdentities == null ? 0 : wantedIdentities;
        ObjectNode results =
                chosen.run(new Measurement.Task(events, repetitions, chosenIdentities, parts, out, line -> {
                    err.println(line);
                    err.flush();
                }));
        if (file != null) {
            write(file, Output.json(results) + "\n");
        }
        return results.has(Measurement.FAILED) ? 1 : 0;
    }

    private static String choices(List<Measurement> all) {
        return all.stream()
                .map(one -> one.parts().isEmpty()
                        ? one.name()
                        : one.name() + ", or some of " + String.join(",", one.parts()) + " with commas between")
                .collect(Collectors.joining("; "));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw Failure.wrongInput(
                    "--json: " + file + " cannot be written (" + e.getMessage() + ")", "name another file", e);
        }
    }
}

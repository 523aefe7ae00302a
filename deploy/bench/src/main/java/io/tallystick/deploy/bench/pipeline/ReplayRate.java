package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** {@code replay} of everything that the pipeline has made, with nothing else running. */
final class ReplayRate {

    private ReplayRate() {}

    /** A Failure when anything is different. */
    static ReplayProcess.Result measure(Broker broker, Path directory) throws InterruptedException {
        try (ReplayProcess process = ReplayProcess.start(broker, directory)) {
            return process.await();
        }
    }

    static void print(ReplayProcess.Result result, ObjectNode json, PrintWriter out) {
        json.put("events", result.events())
                .put("eventsPerSecond", Math.round(result.eventsPerSecond()))
                .put("seconds", Math.round(result.seconds() * 10) / 10.0);
        out.printf(
                Locale.ROOT,
                "replay of %,d events and what follows from them: %,.0f events/s, identical%n",
                result.events(),
                result.eventsPerSecond());
    }
}

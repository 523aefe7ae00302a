package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.bench.process.ChildProcess;
import java.util.Locale;
import java.util.Map;

/** What a process of stages says it has counted, held against what it was given: a benchmark that counts wrongly measures nothing. */
final class Accounting {

    private Accounting() {}

    /** A Failure unless all events but the repeats were accepted, and all repeats dropped. */
    static void requireEachOnce(ChildProcess process, String what, long events, long repeats) {
        JsonNode accounting = new ServiceClient(urlOf(process), null).get("/api/v1/ingest/accounting", Map.of());
        long accepted = 0;
        long duplicates = 0;
        for (JsonNode partition : accounting.path("partitions")) {
            accepted += partition.path("accepted").asLong();
            duplicates += partition.path("duplicates").asLong();
        }
        if (accepted != events - repeats || duplicates != repeats) {
            throw Failure.wrongInput(
                    String.format(
                            Locale.ROOT,
                            "%s accepted %d events and dropped %d repeats of %d with %d repeats",
                            what,
                            accepted,
                            duplicates,
                            events,
                            repeats),
                    "this is a defect: report it");
        }
    }

    static String urlOf(ChildProcess process) {
        return process.ready().split(" ")[1];
    }

    /** From its start until it was ready to work. */
    static long readyMillis(ChildProcess process) {
        return Long.parseLong(process.ready().split(" ")[0]);
    }
}

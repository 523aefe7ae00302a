package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.replay.Replay;
import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows how far a replay is while it runs. */
final class ReplayProgress {

    private static final long EVERY_MS = 200;

    private ReplayProgress() {}

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the executor
    static Replay.Report show(Replay replay, Replay.Request request, PrintWriter err) {
        Progress progress = new Progress(err, "read", 0);
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
        looking.scheduleAtFixedRate(() -> progress.at(replay.progress()), EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        try (progress) {
            return replay.run(request);
        } finally {
            looking.shutdownNow();
        }
    }
}

package io.tallystick.deploy.app.cli;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Shows how much of the log is read while something reads it. */
final class ReplayProgress {

    private static final long EVERY_MS = 200;

    private ReplayProgress() {}

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the executor
    static <T> T show(String what, LongSupplier done, Supplier<T> work, PrintWriter err) {
        Progress progress = new Progress(err, what, 0);
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
        looking.scheduleAtFixedRate(() -> progress.at(done.getAsLong()), EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        try (progress) {
            return work.get();
        } finally {
            looking.shutdownNow();
        }
    }
}

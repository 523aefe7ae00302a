package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.app.bench.Measurement.Task;
import io.tallystick.deploy.bench.load.BenchCatalog;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.EventProducer;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Ingest with many identities, on a broker of its own: what they take on disk, and how long a start takes with its stores in place and with
 * them lost.
 */
final class Restore {

    private static final long SEED = 20_260_402;
    private static final long IDENTITIES_DEFAULT = 10_000_000;
    /** So that a trial with few events stays a short one. */
    private static final int TIMES_THE_EVENTS_MAX = 10;

    private final Task task;
    private final Scratch scratch;

    /**
     * What it took.
     *
     * @param changelogBytes on the broker's disk
     * @param cleanRestartMillis to ready after a clean stop
     * @param restoreMillis to ready when the stores are lost
     */
    record Result(long identities, long stateBytes, long changelogBytes, long cleanRestartMillis, long restoreMillis) {}

    Restore(Task task, Scratch scratch) {
        this.task = task;
        this.scratch = scratch;
    }

    Result measure(Topics topics) throws InterruptedException {
        long identities = task.identities() > 0
                ? task.identities()
                : Math.min(IDENTITIES_DEFAULT, task.events() * TIMES_THE_EVENTS_MAX);
        task.status().accept(String.format(Locale.ROOT, "restore: ingest takes %,d identities", identities));
        try (Broker broker = Broker.start(scratch, "restore", topics, BenchCatalog.yaml(BenchCatalog.start()))) {
            fill(broker, identities);
            Path state = scratch.fresh("restore");
            List<String> command = Subject.INGEST.command(broker.bootstrap(), state.toString());
            long stateBytes;
            try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
                new Run(broker, identities, task.status()).watch(Subject.INGEST, process);
                Accounting.requireEachOnce(process, Subject.INGEST.title(), identities, 0);
                stateBytes = Scratch.bytesOf(state, "identity-"); // the sorted runs, which go when it ends
            }
            stateBytes += Scratch.bytesOf(state, "identities"); // the blocks, which are all on disk only then
            long changelogBytes =
                    Scratch.bytesOf(broker.directory(), topics.space().applicationId("ingest") + "-identit");
            long cleanMillis = readyMillis(command);
            task.status().accept(String.format(Locale.ROOT, "restore: ready with the stores after %d ms", cleanMillis));
            Scratch.remove(state);
            long restoreMillis = readyMillis(command);
            task.status().accept(String.format(Locale.ROOT, "restore: ready without after %d ms", restoreMillis));
            return new Result(identities, stateBytes, changelogBytes, cleanMillis, restoreMillis);
        }
    }

    /** Each event of another identity. */
    private void fill(Broker broker, long identities) {
        long span = Duration.ofHours(1).toMillis();
        EventMix mix = new EventMix(SEED, Instant.now().toEpochMilli() - span, identities, span);
        try (EventProducer producer = new EventProducer(
                broker.bootstrap(), broker.topics().usageEvents().name(), 100)) {
            long sent = 0;
            for (long place = 0; sent < identities; place++) {
                if (!mix.isRepeat(place)) {
                    producer.send(mix.at(place));
                    sent++;
                }
            }
            producer.flush();
        }
    }

    private long readyMillis(List<String> command) {
        try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
            return Accounting.readyMillis(process);
        }
    }
}

package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.app.bench.Measurement.Task;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.EventProducer;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Ingest with many identities: what they take on disk, and how long a start takes with its stores and without. */
final class Restore {

    private static final long SEED = 20_260_402;
    private static final long IDENTITIES = 10_000_000;
    /** So that a trial with few events stays a short one. */
    private static final int TIMES_THE_EVENTS_MAX = 10;

    private final Task task;
    private final Scratch scratch;
    private final String bootstrap;
    private final Topics topics;

    /**
     * What it took.
     *
     * @param changelogBytes on the broker's disk
     * @param cleanRestartMillis to ready after a clean stop
     * @param restoreMillis to ready when the stores are lost
     */
    record Result(long identities, long stateBytes, long changelogBytes, long cleanRestartMillis, long restoreMillis) {}

    Restore(Task task, Scratch scratch, String bootstrap, Topics topics) {
        this.task = task;
        this.scratch = scratch;
        this.bootstrap = bootstrap;
        this.topics = topics;
    }

    /** @param identities that the topic has already */
    Result measure(long identities, Run run) throws InterruptedException {
        long added = add(identities);
        Path state = scratch.fresh("restore");
        List<String> command = Subject.INGEST.command(bootstrap, state.toString());
        try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
            run.of(task.events() + added).watch(Subject.INGEST, process);
            PipelineBenchmark.requireEachOnce(
                    process, Subject.INGEST, task.events() + added, task.events() - identities);
        }
        long stateBytes = Scratch.bytesOf(state, "identit");
        long changelogBytes =
                Scratch.bytesOf(scratch.path().resolve("kafka"), topics.space().applicationId("ingest") + "-identit");
        long cleanMillis = readyMillis(command);
        Scratch.remove(state);
        long restoreMillis = readyMillis(command);
        Scratch.remove(state);
        task.status()
                .accept(String.format(
                        Locale.ROOT,
                        "ready with the stores of %,d identities after %d ms, without after %d ms",
                        identities + added,
                        cleanMillis,
                        restoreMillis));
        return new Result(identities + added, stateBytes, changelogBytes, cleanMillis, restoreMillis);
    }

    /** Returns how many events were added, each of another identity. */
    private long add(long identities) {
        long wanted = Math.min(IDENTITIES, task.events() * TIMES_THE_EVENTS_MAX) - identities;
        long span = Duration.ofHours(1).toMillis();
        EventMix more = new EventMix(SEED, Instant.now().toEpochMilli() - span, Math.max(1, wanted), span);
        long added = 0;
        try (EventProducer producer =
                new EventProducer(bootstrap, topics.usageEvents().name(), 100)) {
            for (long place = 0; added < wanted; place++) {
                if (!more.isRepeat(place)) {
                    producer.send(more.at(place));
                    added++;
                }
            }
            producer.flush();
        }
        return added;
    }

    private long readyMillis(List<String> command) {
        try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
            return Long.parseLong(process.ready().split(" ")[0]);
        }
    }
}

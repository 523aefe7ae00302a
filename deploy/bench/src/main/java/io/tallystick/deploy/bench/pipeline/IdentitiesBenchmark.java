package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.bench.Measurement;
import io.tallystick.deploy.bench.load.BenchCatalog;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.EventProducer;
import io.tallystick.deploy.bench.load.IdentityHistory;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * {@code --only identities}: ingest with a heap of 1 GiB and the shipped budgets off the heap when very many identities are on disk. These are
 * written into the changelog of its store, from where its start takes them; then it reads further events, some of which were accepted long
 * ago.
 */
public final class IdentitiesBenchmark implements Measurement {

    private static final String HEAP = "1g";
    private static final long SEED = 20_260_403;
    private static final long IDENTITIES_DEFAULT_MAX = 100_000_000;
    private static final int TIMES_THE_EVENTS = 10;
    /** So often one of the events that are remembered comes again. */
    private static final int OLD_ONE_IN = 50;

    @Override
    public String name() {
        return "identities";
    }

    @Override
    public String description() {
        return "ingest in " + HEAP + " of heap with --identities N on disk: its start, bytes, memory, and the rate of"
                + " --events further events";
    }

    @Override
    public ObjectNode run(Task task) throws InterruptedException {
        Scratch scratch = Scratch.make();
        try {
            return measure(task, scratch);
        } finally {
            scratch.remove();
        }
    }

    private static ObjectNode measure(Task task, Scratch scratch) throws InterruptedException {
        Topics topics = new Topics(Space.DEFAULT, Topics.PARTITIONS_EMBEDDED);
        long wanted = task.identities() > 0
                ? task.identities()
                : Math.min(IDENTITIES_DEFAULT_MAX, task.events() * TIMES_THE_EVENTS);
        task.status().accept("starting a broker in a process of its own, in " + scratch.path());
        try (Broker broker = Broker.start(scratch, "identities", topics, BenchCatalog.metersYaml())) {
            IdentityHistory history =
                    new IdentityHistory(wanted, Instant.now(), broker.revision(), topics.partitions());
            long startedAt = System.nanoTime();
            long identities;
            try (ChangelogProducer rows = new ChangelogProducer(broker, "ingest")) {
                identities =
                        history.make((partition, key, value) -> rows.put(IdentityHistory.STORE, partition, key, value));
                rows.flush();
            }
            say(task, "wrote %,d identities into the changelog in %.0f s", identities, secondsSince(startedAt));

            Path state = scratch.fresh("identities");
            List<String> command = Subject.INGEST.command(broker.bootstrap(), state.toString());
            long restoreMillis;
            long stateBytes;
            long old;
            Run.Result result;
            try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.stages(HEAP), command))) {
                restoreMillis = Accounting.readyMillis(process);
                say(
                        task,
                        "ingest is ready after %.1f s, with a peak of %d MiB so far",
                        restoreMillis / 1e3,
                        process.peakBytes() >> 20);
                EventMix further = further(task);
                old = send(task.events(), further, history, broker);
                result = new Run(broker, task.events() + old, task.status()).watch(Subject.INGEST, process);
                long repeats = old;
                for (long place = 0; place < task.events(); place++) {
                    repeats += further.isRepeat(place) ? 1 : 0;
                }
                Accounting.requireEachOnce(process, Subject.INGEST.title(), task.events() + old, repeats);
                stateBytes = Scratch.bytesOf(state, "identity-"); // the sorted runs, which go when it ends
            }
            stateBytes += Scratch.bytesOf(state, "identities"); // the blocks, which are all on disk only then
            long restartMillis;
            try (ChildProcess again = scratch.track(ChildProcess.start(Jvm.stages(HEAP), command))) {
                restartMillis = Accounting.readyMillis(again);
            }
            return print(task, identities, stateBytes, restoreMillis, restartMillis, old, result);
        }
    }

    private static EventMix further(Task task) {
        long span = Duration.ofHours(1).toMillis();
        return new EventMix(SEED, Instant.now().toEpochMilli() - span, task.events(), span);
    }

    /** Returns how many old ones there are among them. */
    private static long send(long events, EventMix further, IdentityHistory history, Broker broker) {
        long old = 0;
        try (EventProducer producer = new EventProducer(
                broker.bootstrap(), broker.topics().usageEvents().name(), 100)) {
            for (long place = 0; place < events; place++) {
                producer.send(further.at(place));
                if (place % OLD_ONE_IN == 0 && old < history.events()) {
                    producer.send(history.event(old++));
                }
            }
            producer.flush();
        }
        return old;
    }

    private static ObjectNode print(
            Task task,
            long identities,
            long stateBytes,
            long restoreMillis,
            long restartMillis,
            long old,
            Run.Result result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode machine = json.putObject("machine");
        Machine.describe(machine);
        double bytesEach = (double) stateBytes / identities;
        json.put("identities", identities)
                .put("heap", Jvm.heap(HEAP))
                .put("bytesPerIdentity", Math.round(bytesEach * 10) / 10.0)
                .put("restoreSeconds", restoreMillis / 1e3)
                .put("cleanRestartSeconds", restartMillis / 1e3)
                .put("furtherEvents", task.events() + old)
                .put("oldAmongThem", old)
                .put("eventsPerSecond", Math.round(result.eventsPerSecond()))
                .put("appCpuSecondsPerMillion", Math.round(result.appCpu() * 100) / 100.0)
                .put("peakMemoryBytes", result.peakBytes());
        task.out().println("machine: " + Machine.line(machine));
        task.out()
                .printf(
                        Locale.ROOT,
                        "ingest with %,d identities and -Xmx%s: %.1f bytes per identity on disk, peak memory %,d MiB%n"
                                + "to ready with the stores lost %.1f s, with them in place %.1f s%n"
                                + "%,d further events, of which %,d were accepted long ago and all were dropped:"
                                + " %,.0f events/s, %.2f processor seconds per million%n",
                        identities,
                        Jvm.heap(HEAP),
                        bytesEach,
                        result.peakBytes() >> 20,
                        restoreMillis / 1e3,
                        restartMillis / 1e3,
                        task.events() + old,
                        old,
                        result.eventsPerSecond(),
                        result.appCpu());
        return json;
    }

    private static void say(Task task, String format, Object... values) {
        task.status().accept(String.format(Locale.ROOT, format, values));
    }

    private static double secondsSince(long startedAt) {
        return (System.nanoTime() - startedAt) / 1e9;
    }
}

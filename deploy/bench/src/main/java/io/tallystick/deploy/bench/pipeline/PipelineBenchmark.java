package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bench.Measurement;
import io.tallystick.deploy.bench.load.BenchCatalog;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.EventProducer;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.deploy.bench.process.CopyTopology;
import io.tallystick.deploy.bench.process.TextbookTopology;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code bench}: a copy, the textbook, ingest, ingest with aggregation, and all of it, one behind the other on the same topic; then latency,
 * restore and queries.
 */
public final class PipelineBenchmark implements Measurement {

    private static final long SEED = 20_260_401;
    private static final Duration EVENT_TIME = Duration.ofHours(6);
    private static final int LATENCY_EVENTS_PER_SECOND_OF_LENGTH = 20_000;
    private static final Duration LATENCY_MAX = Duration.ofSeconds(50);
    private static final Duration LATENCY_MIN = Duration.ofSeconds(1);

    private static final String LATENCY = "latency";
    private static final String RESTORE = "restore";
    private static final String QUERY = "query";
    private static final String REPLAY = "replay";
    private static final String REPLAY_BESIDE = "replay_beside";

    @Override
    public String name() {
        return "all";
    }

    @Override
    public List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (Subject subject : Subject.values()) {
            parts.add(subject.json());
        }
        parts.add(LATENCY);
        parts.add(RESTORE);
        parts.add(QUERY);
        parts.add(REPLAY);
        parts.add(REPLAY_BESIDE);
        return parts;
    }

    @Override
    public String description() {
        return "events per second of each part of the pipeline, against a plain copy and a textbook topology; memory,"
                + " latency, restore, usage queries, replay and what it costs a pipeline beside it";
    }

    /** One thing after the other. What fails is told in the results, and the others are measured all the same. */
    private interface Part {
        void measure() throws InterruptedException;
    }

    @Override
    public ObjectNode run(Task task) throws InterruptedException {
        Topics topics = new Topics(Space.DEFAULT, Topics.PARTITIONS_EMBEDDED);
        Set<Subject> subjects = subjects(task);
        Results results = new Results(task, subjects);
        Scratch scratch = Scratch.make();
        try {
            if (!subjects.isEmpty()) {
                part(task, results, "rates", () -> rates(task, scratch, topics, subjects, results));
            }
            if (task.parts().contains(RESTORE)) {
                part(task, results, RESTORE, () -> results.restore(new Restore(task, scratch).measure(topics)));
            }
            if (task.parts().contains(QUERY)) {
                part(task, results, QUERY, () -> results.queries(new Queries(task, scratch).measure(topics)));
            }
        } finally {
            scratch.remove();
        }
        return results.print(task.out());
    }

    private static void part(Task task, Results results, String name, Part part) throws InterruptedException {
        long startedAt = System.nanoTime();
        try {
            part.measure();
        } catch (RuntimeException e) {
            String why = String.valueOf(e instanceof Failure ? e.getMessage() : e);
            results.failed(name, why);
            task.status().accept(name + " failed: " + why);
        }
        task.status().accept(String.format(Locale.ROOT, "%s took %.0f s", name, (System.nanoTime() - startedAt) / 1e9));
    }

    private static void rates(Task task, Scratch scratch, Topics topics, Set<Subject> subjects, Results results)
            throws InterruptedException {
        task.status().accept("starting a broker in a process of its own, in " + scratch.path());
        try (Broker broker = Broker.start(scratch, "rates", topics, BenchCatalog.yaml(BenchCatalog.start()))) {
            long firstTime = Instant.now().minus(EVENT_TIME).toEpochMilli();
            EventMix mix = new EventMix(SEED, firstTime, task.events(), EVENT_TIME.toMillis());
            long repeats = fill(task, mix, broker);
            results.repeats(repeats);
            for (int repetition = 1; repetition <= task.repetitions(); repetition++) {
                for (Subject subject : subjects) {
                    rate(task, scratch, broker, subject, repetition, repeats, results);
                }
            }
        }
    }

    private static void rate(
            Task task, Scratch scratch, Broker broker, Subject subject, int repetition, long repeats, Results results)
            throws InterruptedException {
        broker.forget();
        if (subject == Subject.COPY) {
            broker.create(CopyTopology.OUTPUT);
        } else if (subject == Subject.TEXTBOOK) {
            broker.create(TextbookTopology.OUTPUT);
        }
        Path state = scratch.fresh(subject.json() + "-" + repetition);
        List<String> command = subject.command(broker.bootstrap(), state.toString());
        boolean isLastPipeline = subject == Subject.PIPELINE && repetition == task.repetitions();
        try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
            Run.Result result = new Run(broker, task.events(), task.status()).watch(subject, process);
            results.add(subject, result);
            task.status()
                    .accept(String.format(
                            Locale.ROOT,
                            "repetition %d of %d, %s: %,.0f events/s, processor seconds per million %.2f + %.2f",
                            repetition,
                            task.repetitions(),
                            subject.title(),
                            result.eventsPerSecond(),
                            result.appCpu(),
                            result.brokerCpu()));
            if (subject == Subject.PIPELINE || subject == Subject.INGEST) {
                Accounting.requireEachOnce(process, subject.title(), task.events(), repeats);
            }
            if (isLastPipeline && task.parts().contains(LATENCY)) {
                latency(task, broker, results); // while it is warm
            }
        }
        if (isLastPipeline) {
            try (ChildProcess again = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
                results.restart(Accounting.readyMillis(again));
                if (task.parts().contains(REPLAY_BESIDE)) {
                    part(task, results, REPLAY_BESIDE, () -> beside(task, broker, scratch, results));
                }
            }
            if (task.parts().contains(REPLAY)) {
                part(task, results, REPLAY, () -> results.replay(ReplayRate.measure(broker, scratch.fresh("replay"))));
            }
        }
        Scratch.remove(state);
    }

    /** At a third of the pipeline's rate. */
    private static void beside(Task task, Broker broker, Scratch scratch, Results results) throws InterruptedException {
        double rate = results.median(Subject.PIPELINE) / 3;
        results.beside(new ReplayBeside(broker, scratch.fresh("replay-beside"), rate, task.status()).measure());
    }

    /** What is wanted, in the order of measuring; latency is that of the whole pipeline at a fifth of its rate, replays are of all it has made. */
    private static Set<Subject> subjects(Task task) {
        Set<Subject> subjects = EnumSet.noneOf(Subject.class);
        for (Subject subject : Subject.values()) {
            if (task.parts().contains(subject.json())) {
                subjects.add(subject);
            }
        }
        if (task.parts().contains(LATENCY)
                || task.parts().contains(REPLAY)
                || task.parts().contains(REPLAY_BESIDE)) {
            subjects.add(Subject.PIPELINE);
        }
        return subjects;
    }

    private static long fill(Task task, EventMix mix, Broker broker) {
        long startedAt = System.nanoTime();
        long repeats = 0;
        try (EventProducer producer = new EventProducer(
                broker.bootstrap(), broker.topics().usageEvents().name(), 100)) {
            for (long place = 0; place < task.events(); place++) {
                producer.send(mix.at(place));
                if (mix.isRepeat(place)) {
                    repeats++;
                }
            }
            producer.flush();
        }
        task.status()
                .accept(String.format(
                        Locale.ROOT,
                        "made and sent %,d events, %,d of them repeats, in %.1f s",
                        task.events(),
                        repeats,
                        (System.nanoTime() - startedAt) / 1e9));
        return repeats;
    }

    /** Of a process that has read everything before: the topic has these events too from now on, so nothing else is measured on it. */
    private static void latency(Task task, Broker broker, Results results) throws InterruptedException {
        double rate = results.median(Subject.PIPELINE) / 5;
        Duration wanted = Duration.ofMillis(task.events() * 1000 / LATENCY_EVENTS_PER_SECOND_OF_LENGTH);
        Duration length = wanted.compareTo(LATENCY_MAX) > 0
                ? LATENCY_MAX
                : wanted.compareTo(LATENCY_MIN) < 0 ? LATENCY_MIN : wanted;
        task.status()
                .accept(String.format(Locale.ROOT, "latency at %,.0f events/s for %d s", rate, length.toSeconds()));
        // Other numbers than those in the topic, and the times go on evenly from now.
        long span = Duration.ofHours(1).toMillis();
        EventMix later = new EventMix(SEED + 1, Instant.now().toEpochMilli() - span, (long) (rate * 3600), span);
        boolean warmUp = length.equals(LATENCY_MAX);
        results.latency(new Latency(broker.bootstrap(), broker.topics(), length, warmUp, 0).measure(later, rate));
    }
}

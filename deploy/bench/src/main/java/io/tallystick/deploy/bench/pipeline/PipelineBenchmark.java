package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bench.Measurement;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.bench.load.BenchCatalog;
import io.tallystick.deploy.bench.load.EventMix;
import io.tallystick.deploy.bench.load.EventProducer;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.deploy.bench.process.CopyTopology;
import io.tallystick.deploy.bench.process.TextbookTopology;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code bench}: a copy, the textbook, ingest, ingest with aggregation, and all of it, one behind the other on the same topic. */
public final class PipelineBenchmark implements Measurement {

    private static final long SEED = 20_260_401;
    private static final Duration EVENT_TIME = Duration.ofHours(6);
    private static final int LATENCY_EVENTS_PER_SECOND_OF_LENGTH = 20_000;
    private static final Duration LATENCY_MAX = Duration.ofSeconds(20);
    private static final Duration LATENCY_MIN = Duration.ofSeconds(1);

    private static final String LATENCY = "latency";
    private static final String RESTORE = "restore";

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
        return parts;
    }

    @Override
    public String description() {
        return "events per second of each part of the pipeline, against a plain copy and a textbook topology; memory,"
                + " restore, latency";
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
        task.status().accept("starting a broker in a process of its own, in " + scratch.path());
        Topics topics = new Topics(Space.DEFAULT, Topics.PARTITIONS_EMBEDDED);
        try (ChildProcess brokerProcess = scratch.track(ChildProcess.start(
                        Jvm.BROKER,
                        List.of("broker", scratch.path().resolve("kafka").toString())));
                Broker broker = new Broker(brokerProcess.ready(), topics)) {
            String bootstrap = brokerProcess.ready();
            applyCatalog(scratch, bootstrap);
            long firstTime = Instant.now().minus(EVENT_TIME).toEpochMilli();
            EventMix mix = new EventMix(SEED, firstTime, task.events(), EVENT_TIME.toMillis());
            long repeats = fill(task, mix, bootstrap, topics);

            Set<Subject> subjects = subjects(task);
            Results results = new Results(task, repeats, subjects);
            Run run = new Run(broker, brokerProcess, topics, task.events(), task.status());
            for (int repetition = 1; repetition <= task.repetitions(); repetition++) {
                boolean isLast = repetition == task.repetitions();
                for (Subject subject : subjects) {
                    broker.forget();
                    if (subject == Subject.COPY) {
                        broker.create(CopyTopology.OUTPUT);
                    } else if (subject == Subject.TEXTBOOK) {
                        broker.create(TextbookTopology.OUTPUT);
                    }
                    Path state = scratch.fresh(subject.json() + "-" + repetition);
                    List<String> command = subject.command(bootstrap, state.toString());
                    try (ChildProcess process = scratch.track(ChildProcess.start(Jvm.STAGES, command))) {
                        Run.Result result = run.watch(subject, process);
                        results.add(subject, result);
                        task.status()
                                .accept(String.format(
                                        Locale.ROOT,
                                        "repetition %d of %d, %s: %,.0f events/s, processor seconds per million %.2f +"
                                                + " %.2f",
                                        repetition,
                                        task.repetitions(),
                                        subject.title(),
                                        result.eventsPerSecond(),
                                        result.appCpu(),
                                        result.brokerCpu()));
                        if (subject == Subject.PIPELINE || subject == Subject.INGEST) {
                            requireEachOnce(process, subject, task.events(), repeats);
                        }
                        if (isLast
                                && subject == Subject.PIPELINE
                                && task.parts().contains(LATENCY)) {
                            latency(task, bootstrap, topics, results);
                        }
                    }
                    Scratch.remove(state);
                }
            }
            if (task.parts().contains(RESTORE)) {
                broker.forget();
                results.restore(new Restore(task, scratch, bootstrap, topics).measure(task.events() - repeats, run));
            }
            broker.forget();
            return results.print(task.out());
        }
    }

    /** What is wanted, in the order of measuring; latency is that of the whole pipeline at a fifth of its rate. */
    private static Set<Subject> subjects(Task task) {
        Set<Subject> subjects = EnumSet.noneOf(Subject.class);
        for (Subject subject : Subject.values()) {
            if (task.parts().contains(subject.json())) {
                subjects.add(subject);
            }
        }
        if (task.parts().contains(LATENCY)) {
            subjects.add(Subject.PIPELINE);
        }
        return subjects;
    }

    /** With an empty topic: nothing may be decided before the catalogue is in force. */
    private static void applyCatalog(Scratch scratch, String bootstrap) {
        Path state = scratch.fresh("catalogue");
        Instant start = Instant.now()
                .minus(EVENT_TIME)
                .atOffset(ZoneOffset.UTC)
                .withDayOfMonth(1)
                .truncatedTo(ChronoUnit.DAYS)
                .toInstant();
        try (ChildProcess process =
                scratch.track(ChildProcess.start(Jvm.STAGES, Subject.PIPELINE.command(bootstrap, state.toString())))) {
            new ServiceClient(urlOf(process), null)
                    .put(
                            "/api/v1/catalog",
                            "application/yaml",
                            BenchCatalog.yaml(start).getBytes(StandardCharsets.UTF_8));
        }
        Scratch.remove(state);
    }

    private static long fill(Task task, EventMix mix, String bootstrap, Topics topics) {
        long startedAt = System.nanoTime();
        long repeats = 0;
        try (EventProducer producer =
                new EventProducer(bootstrap, topics.usageEvents().name(), 100)) {
            for (long place = 0; place < task.events(); place++) {
                producer.send(mix.at(place));
                if (mix.isRepeat(place)) {
                    repeats++;
                }
            }
            producer.flush();
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        task.status()
                .accept(String.format(
                        Locale.ROOT,
                        "made and sent %,d events, %,d of them repeats, in %.1f s",
                        task.events(),
                        repeats,
                        seconds));
        return repeats;
    }

    /** A benchmark that counts wrongly measures nothing. */
    static void requireEachOnce(ChildProcess process, Subject subject, long events, long repeats) {
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
                            subject.title(),
                            accepted,
                            duplicates,
                            events,
                            repeats),
                    "this is a defect: report it");
        }
    }

    private static void latency(Task task, String bootstrap, Topics topics, Results results)
            throws InterruptedException {
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
        results.latency(new Latency(bootstrap, topics, length).measure(later, 0, rate, length.equals(LATENCY_MAX)));
    }

    private static String urlOf(ChildProcess process) {
        return process.ready().split(" ")[1];
    }
}

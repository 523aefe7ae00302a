package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.bench.load.EventMix;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** How much later totals come because a {@code replay} of everything runs beside the pipeline: the same traffic with it and without. */
final class ReplayBeside {

    private static final Duration ROUND = Duration.ofSeconds(10);
    /** Of a long replay; the rest of it runs without traffic. */
    private static final int ROUNDS_MAX = 6;

    private static final long SPAN_MS = Duration.ofHours(1).toMillis();
    private static final long SEED = 7;

    private final Broker broker;
    private final Path directory;
    private final double eventsPerSecond;
    private final Consumer<String> status;
    private int round;

    /** From the call that sends an event to a reader that has its total, in milliseconds and in order. */
    @SuppressWarnings("ArrayRecordComponent") // read once, for the report
    record Result(double eventsPerSecond, long[] alone, long[] beside, ReplayProcess.Result replay) {

        void print(ObjectNode json, PrintWriter out) {
            long median = Results.at(beside, 50) - Results.at(alone, 50);
            long ninetyNinth = Results.at(beside, 99) - Results.at(alone, 99);
            json.put("eventsPerSecond", Math.round(eventsPerSecond))
                    .put("aloneMeasured", alone.length)
                    .put("aloneMedianMs", Results.at(alone, 50))
                    .put("alone99thMs", Results.at(alone, 99))
                    .put("besideMeasured", beside.length)
                    .put("besideMedianMs", Results.at(beside, 50))
                    .put("beside99thMs", Results.at(beside, 99))
                    .put("besideMaxMs", Results.at(beside, 100))
                    .put("replayedEvents", replay.events())
                    .put("replaySeconds", Math.round(replay.seconds() * 10) / 10.0);
            out.printf(
                    Locale.ROOT,
                    "totals at %,.0f events/s beside a replay of %,d events (%.0f s): %d ms (99%%: %d), without it %d ms (99%%: %d): later by %d ms (99%%: %d)%n",
                    eventsPerSecond,
                    replay.events(),
                    replay.seconds(),
                    Results.at(beside, 50),
                    Results.at(beside, 99),
                    Results.at(alone, 50),
                    Results.at(alone, 99),
                    median,
                    ninetyNinth);
        }
    }

    /** @param directory for what the replay says */
    ReplayBeside(Broker broker, Path directory, double eventsPerSecond, Consumer<String> status) {
        this.broker = broker;
        this.directory = directory;
        this.eventsPerSecond = eventsPerSecond;
        this.status = status;
    }

    /** Of a running pipeline that has read everything before. A Failure when the replay finds a difference or leaves something behind. */
    Result measure() throws InterruptedException {
        round(() -> true); // warms up
        List<long[]> alone = new ArrayList<>();
        alone.add(round(() -> true));
        Set<String> before = broker.names();
        List<long[]> beside = new ArrayList<>();
        ReplayProcess.Result replay;
        try (ReplayProcess process = ReplayProcess.start(broker, directory)) {
            while (process.isRunning() && beside.size() < ROUNDS_MAX) {
                beside.add(round(process::isRunning));
            }
            replay = process.await();
        }
        Set<String> left = broker.names();
        left.removeAll(before);
        if (!left.isEmpty()) {
            throw Failure.checkFailed("replay has left " + left, "this is a defect: report it");
        }
        alone.add(round(() -> true)); // before and after: a process gets faster with time
        return new Result(eventsPerSecond, merged(alone), merged(beside), replay);
    }

    private long[] round(BooleanSupplier goesOn) throws InterruptedException {
        round++;
        EventMix mix = new EventMix(
                SEED + round, Instant.now().toEpochMilli() - SPAN_MS, (long) (eventsPerSecond * 3600), SPAN_MS);
        Latency.Result result = new Latency(broker.bootstrap(), broker.topics(), ROUND, false, round)
                .measure(mix, eventsPerSecond, goesOn);
        status.accept(String.format(
                Locale.ROOT,
                "round %d of traffic: %d events to total in %d ms (99%%: %d)",
                round,
                result.probes(),
                Results.at(result.toTotal(), 50),
                Results.at(result.toTotal(), 99)));
        return result.toTotal();
    }

    private static long[] merged(List<long[]> rounds) {
        return rounds.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }
}

package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.bench.process.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Watches one subject work off the events. */
final class Run {

    private static final long LOOK_EVERY_MS = 100;
    private static final long STALLED_AFTER_SECONDS = 120;
    private static final long SAY_EVERY_SECONDS = 5;
    /** A commit marker of each stream thread may be the last thing in a partition, and no group commits what is behind a record. */
    private static final long MARKERS_MAX = 4;

    private final Broker broker;
    private final long events;
    private final Consumer<String> status;

    /**
     * What a run gave.
     *
     * @param eventsPerSecond in its second half
     * @param wholeEventsPerSecond from the first commit to the last
     * @param appCpu seconds per million events, in its second half
     * @param brokerCpu likewise
     * @param stolenShare of the machine's processors, what others on its host had of them in that half
     */
    record Result(
            double eventsPerSecond,
            double wholeEventsPerSecond,
            double firstQuarterEventsPerSecond,
            double appCpu,
            double brokerCpu,
            double stolenShare,
            long peakBytes) {

        /** Processor seconds per million events, the broker's among them. */
        double cpu() {
            return appCpu + brokerCpu;
        }
    }

    Run(Broker broker, long events, Consumer<String> status) {
        this.broker = broker;
        this.events = events;
        this.status = status;
    }

    /** Returns when the last hop has committed everything. */
    Result watch(Subject subject, ChildProcess process) throws InterruptedException {
        List<Subject.Hop> hops = subject.hops(broker.topics());
        List<String> behindTheFirst =
                hops.stream().skip(1).map(Subject.Hop::topic).toList();
        List<Timeline.Positions> positions = new ArrayList<>();
        hops.forEach(hop -> positions.add(new Timeline.Positions()));
        Timeline timeline = new Timeline();
        timeline.add(sample(System.nanoTime(), 0, process));
        long progressAt = System.nanoTime();
        long saidAt = progressAt;
        while (true) {
            double done = 0;
            boolean isAllDone = true;
            List<long[]> committed = broker.committed(hops); // before the ends that they are held against
            Map<String, long[]> ends = broker.ends(behindTheFirst);
            for (int at = 0; at < hops.size(); at++) {
                long sum = Arrays.stream(committed.get(at)).sum();
                if (at == 0) {
                    isAllDone = sum >= events;
                    done = sum;
                    continue;
                }
                long[] end = ends.get(hops.get(at).topic());
                isAllDone &= end != null && sum > 0 && isAtEnd(committed.get(at), end);
                if (end != null) {
                    positions.get(at).mark((double) Arrays.stream(end).sum(), done);
                }
                done = isAllDone
                        ? events
                        : Math.min((double) events, positions.get(at).eventsAt((double) sum));
            }
            long now = System.nanoTime();
            if (done > timeline.last().events()) {
                progressAt = now;
                timeline.add(sample(now, done, process));
            } else if (now - progressAt > TimeUnit.SECONDS.toNanos(STALLED_AFTER_SECONDS)) {
                throw Failure.unreachable(
                        subject.title() + " stands still at " + (long) done + " of " + events + " events",
                        "look at what it says above");
            }
            if (isAllDone) {
                return result(timeline, process.peakBytes());
            }
            if (now - saidAt > TimeUnit.SECONDS.toNanos(SAY_EVERY_SECONDS)) {
                saidAt = now;
                status.accept(
                        String.format(Locale.ROOT, "  %s: %,d of %,d events", subject.title(), (long) done, events));
            }
            process.requireAlive();
            broker.process().requireAlive();
            pause();
        }
    }

    private Timeline.Sample sample(long nanos, double done, ChildProcess process) {
        return new Timeline.Sample(nanos, done, seconds(process), seconds(broker.process()), Machine.stolenSeconds());
    }

    private Result result(Timeline timeline, long peakBytes) {
        double half = events / 2.0;
        Timeline.Sample middle = timeline.at(half);
        Timeline.Sample end = timeline.last();
        Timeline.Sample begin = timeline.at(1);
        Timeline.Sample quarter = timeline.at(events / 4.0);
        double millions = half / 1e6;
        return new Result(
                rate(half, middle, end),
                rate((double) events, begin, end),
                rate(events / 4.0, begin, quarter),
                (end.appCpu() - middle.appCpu()) / millions,
                (end.brokerCpu() - middle.brokerCpu()) / millions,
                (end.stolen() - middle.stolen())
                        / Math.max(1e-3, seconds(middle, end))
                        / Runtime.getRuntime().availableProcessors(),
                peakBytes);
    }

    private static double rate(double events, Timeline.Sample from, Timeline.Sample to) {
        return events / Math.max(1e-3, seconds(from, to));
    }

    private static double seconds(Timeline.Sample from, Timeline.Sample to) {
        return (to.nanos() - from.nanos()) / 1e9;
    }

    private static boolean isAtEnd(long[] committed, long[] ends) {
        for (int partition = 0; partition < ends.length; partition++) {
            if (ends[partition] - committed[partition] > MARKERS_MAX) {
                return false;
            }
        }
        return true;
    }

    private static double seconds(ChildProcess process) {
        return process.cpu().toMillis() / 1e3;
    }

    /** A look itself costs processor time, so not all the time. */
    static void pause() throws InterruptedException {
        pause(Duration.ofMillis(LOOK_EVERY_MS));
    }

    static void pause(Duration time) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        if (never) {
            throw new IllegalStateException();
        }
    }
}

package io.tallystick.deploy.bench.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a run was at which moment. "Done" are events whose effects are committed by the last hop of what is measured; behind the first
 * hop they are worked out from the positions: what a hop has read up to a place is as many events as had been done in front of it when
 * its topic reached that place.
 */
final class Timeline {

    private final List<Sample> samples = new ArrayList<>();

    /**
     * One look.
     *
     * @param nanos of the monotonic clock
     * @param events done
     * @param appCpu processor seconds of the measured process
     * @param brokerCpu processor seconds of the broker
     * @param stolen processor seconds that others on the machine's host had
     */
    record Sample(long nanos, double events, double appCpu, double brokerCpu, double stolen) {}

    void add(Sample sample) {
        samples.add(sample);
    }

    Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** When this many events were done, between two looks in proportion. */
    Sample at(double events) {
        Sample before = samples.get(0);
        for (Sample after : samples) {
            if (after.events >= events) {
                double share =
                        after.events == before.events ? 1 : (events - before.events) / (after.events - before.events);
                return new Sample(
                        before.nanos + (long) (share * (after.nanos - before.nanos)),
                        events,
                        before.appCpu + share * (after.appCpu - before.appCpu),
                        before.brokerCpu + share * (after.brokerCpu - before.brokerCpu),
                        before.stolen + share * (after.stolen - before.stolen));
            }
            before = after;
        }
        throw new IllegalStateException("only " + last().events + " of " + events + " events are done");
    }

    /** A hop's progress from positions to events. */
    static final class Positions {

        private final List<double[]> marks = new ArrayList<>();

        /** The topic ended here when so many events had been done in front of it. */
        void mark(double end, double events) {
            marks.add(new double[] {end, events});
        }

        double eventsAt(double position) {
            double[] before = {0, 0};
            for (double[] mark : marks) {
                if (mark[0] >= position) {
                    double share = mark[0] == before[0] ? 1 : (position - before[0]) / (mark[0] - before[0]);
                    return before[1] + share * (mark[1] - before[1]);
                }
                before = mark;
            }
            return before[1];
        }
    }
}

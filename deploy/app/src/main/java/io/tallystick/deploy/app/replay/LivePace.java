package io.tallystick.deploy.app.replay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides when whoever reads beside a live pipeline lets it go first: when a stage is further behind than its commits make it. A pipeline that stands still, or
 * that is not there, is not waited for; and one that stays behind whatever a reader does gets nine tenths of the time, not all of it. Safe for any number of threads.
 */
final class LivePace {

    static final Duration LOOK_EVERY = Duration.ofMillis(250);
    /** Commits are up to a second apart where a stage keeps up. */
    static final Duration BEHIND = Duration.ofMillis(1800);

    static final Duration CAUGHT_UP = Duration.ofMillis(1300);
    /** A stage that has committed nothing for so long does not work; one that is far behind commits every three seconds. */
    static final Duration STANDS_STILL = Duration.ofSeconds(8);

    static final Duration WAIT_MAX = Duration.ofMillis(4500);
    static final Duration GO_MIN = Duration.ofMillis(500);

    /** What a transaction leaves behind its last record. */
    private static final int MARKER = 1;

    private final Supplier<Collection<StageLag>> lags;
    private final Map<TopicPartition, Backlog> backlogs = new HashMap<>();
    private volatile boolean isWaiting;
    private volatile boolean hasLooked;
    private volatile long nextLook;
    private long since;

    LivePace(Supplier<Collection<StageLag>> lags) {
        this.lags = lags;
    }

    /** @param now nanoseconds of a clock that only goes forward */
    boolean mustWait(long now) {
        if (isDue(now)) {
            look(now);
        }
        return isWaiting;
    }

    private boolean isDue(long now) {
        return !hasLooked || now - nextLook >= 0;
    }

    private synchronized void look(long now) {
        if (!isDue(now)) {
            return; // another thread was first
        }
        if (!hasLooked) {
            since = now - GO_MIN.toNanos();
        }
        hasLooked = true;
        nextLook = now + LOOK_EVERY.toNanos();
        long worst = 0;
        for (StageLag lag : lags.get()) {
            worst = Math.max(
                    worst,
                    backlogs.computeIfAbsent(lag.place(), any -> new Backlog(now, lag))
                            .delay(now, lag));
        }
        if (isWaiting) {
            if (worst < CAUGHT_UP.toNanos() || now - since >= WAIT_MAX.toNanos()) {
                isWaiting = false;
                since = now;
            }
        } else if (worst > BEHIND.toNanos() && now - since >= GO_MIN.toNanos()) {
            isWaiting = true;
            since = now;
        }
    }

    /** One stage's partition, as it was seen lately. */
    private static final class Backlog {

        private final Deque<Seen> ends = new ArrayDeque<>();
        private final StageLag first;
        private boolean isWorkedOn;
        private long committed;
        private long movedAt;

        private record Seen(long at, long end) {}

        Backlog(long now, StageLag first) {
            this.first = first;
            this.committed = first.committed();
            this.movedAt = now;
        }

        /** How long at least the first record that is not committed has been there; 0 while nothing comes and nothing is done. */
        long delay(long now, StageLag lag) {
            isWorkedOn |= !lag.equals(first);
            if (lag.committed() != committed) {
                committed = lag.committed();
                movedAt = now;
            }
            if (ends.isEmpty() || ends.getLast().end() != lag.end()) {
                ends.add(new Seen(now, lag.end()));
            }
            while (!ends.isEmpty() && ends.getFirst().end() <= committed + MARKER) {
                ends.removeFirst();
            }
            if (now - movedAt >= STANDS_STILL.toNanos()) {
                ends.clear();
            }
            return ends.isEmpty() || !isWorkedOn ? 0 : now - ends.getFirst().at();
        }
    }
}

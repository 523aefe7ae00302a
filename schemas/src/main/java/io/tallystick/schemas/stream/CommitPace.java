package io.tallystick.schemas.stream;

import java.util.concurrent.TimeUnit;

/**
 * How long a stream thread lets pass before it commits what it has done: as short as its commits are cheap. A thread that keeps up has
 * time to spare, which commits may take; one that is behind has none, and what it does is late anyway.
 */
final class CommitPace {

    private static final long QUIET_MS = 100;
    /** Whose newest record is older than this is behind. */
    private static final long BEHIND_MS = 1500;
    /** And older than this so far behind that a second more does not matter: the configured commit interval is its ceiling. */
    private static final long FAR_BEHIND_MS = 5000;
    /** Where nothing has come for this long, nothing is left to catch up with, however old it is; sooner where the consumer knows that. */
    private static final long DRAINED_MS = 250;
    /** Commits take a fourth of the time of a thread that keeps up and a twenty-fifth of one that is behind, unless the ceiling wants more. */
    private static final int PAUSES_WHEN_LIVE = 3;

    private static final int PAUSES_WHEN_BEHIND = 24;

    /** What the thread's tasks took to prepare the commit under way. */
    private long preparingNanos;

    private long costNanos;
    private long tookMs;
    private boolean isAtEnd;

    /** One of the thread's tasks has prepared a commit. */
    void prepared(long tookNanos) {
        preparingNanos += tookNanos;
    }

    /** What all tasks have prepared is sent and committed. */
    void sent(long tookNanos) {
        costNanos = (costNanos + preparingNanos + tookNanos) / 2; // one slow commit says little
        preparingNanos = 0;
    }

    /** A task begins, so no commit is under way: one that failed is none. */
    void startsOver() {
        preparingNanos = 0;
    }

    /** Whether the thread's consumer has given all that its topics have. */
    void reads(boolean toTheEnd) {
        isAtEnd = toTheEnd;
    }

    /** One of the thread's tasks has taken records since it was looked at before. */
    void took(long nowMs) {
        tookMs = nowMs;
    }

    /**
     * Whether it is time to commit.
     *
     * @param nowMs of the clock that {@link #took} goes by
     * @param dirtyMs how long the first record since the last commit has waited
     * @param ageMs how old the newest one is, by its timestamp
     */
    boolean isTime(long nowMs, long dirtyMs, long ageMs) {
        boolean isDrained = nowMs - tookMs >= (isAtEnd ? CommitPacer.LOOK_EVERY_MS : DRAINED_MS);
        long lagMs = isDrained ? 0 : ageMs;
        return dirtyMs >= waitMs(lagMs) - CommitPacer.LOOK_EVERY_MS;
    }

    private long waitMs(long lagMs) {
        long pause = costsMs(lagMs > BEHIND_MS ? PAUSES_WHEN_BEHIND : PAUSES_WHEN_LIVE);
        return Math.max(QUIET_MS, lagMs > FAR_BEHIND_MS ? pause : Math.min(pause, ceilingMs()));
    }

    /** A second from begin to begin, but a pause at least as long as a commit, up to a second: commits of less take half of the time at most. */
    private long ceilingMs() {
        long cost = costsMs(1);
        return Math.min(Math.max(CommitPacer.LIVE_CEILING_MS - cost, cost), CommitPacer.LIVE_CEILING_MS);
    }

    private long costsMs(int times) {
        return TimeUnit.NANOSECONDS.toMillis(costNanos * times);
    }
}

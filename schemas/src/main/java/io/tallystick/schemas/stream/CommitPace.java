package io.tallystick.schemas.stream;

import java.util.concurrent.TimeUnit;

/**
 * How long a stream thread lets pass before it commits what it has done: as short as its commits are cheap. A thread that keeps up has
 * time to spare, which commits may take; one that is behind has none, and what it does is late anyway.
 */
final class CommitPace {

    private static final long QUIET_MS = 100;
    /** Whose newest record is older than this is behind. */
    private static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    /** Commits take at most a fourth of the time of a thread that keeps up, and a twenty-fifth of one that is behind. */
    private static final int PAUSES_WHEN_LIVE = 3;

    private static final int PAUSES_WHEN_BEHIND = 24;
    /** With fewer since the commit before, the thread may have waited for the next record, which is no cost. */
    private static final int BUSY_RECORDS = 1000;

    private boolean isCommitting;
    private long records;
    private long beganNanos;
    private long preparedNanos;
    private long costNanos;

    /**
     * One of the thread's tasks prepares a commit.
     *
     * @param taken records since the commit before, of this task
     */
    void began(long nanos, long taken) {
        if (!isCommitting) {
            isCommitting = true;
            beganNanos = nanos;
            records = 0;
        }
        records += taken;
    }

    /** One of the thread's tasks has prepared it. */
    void prepared(long nanos) {
        preparedNanos = nanos;
    }

    /** The first record behind the commit came, to whichever task. */
    void ended(long nanos) {
        if (isCommitting) {
            isCommitting = false;
            long cost = (records >= BUSY_RECORDS ? nanos : preparedNanos) - beganNanos;
            costNanos = (costNanos + cost) / 2; // one slow commit says little
        }
    }

    /** @param ageNanos how old the newest record since the last commit is, by its timestamp */
    long waitMs(long ageNanos) {
        int pauses = ageNanos > BEHIND_NANOS ? PAUSES_WHEN_BEHIND : PAUSES_WHEN_LIVE;
        return Math.max(QUIET_MS, TimeUnit.NANOSECONDS.toMillis(costNanos * pauses));
    }
}

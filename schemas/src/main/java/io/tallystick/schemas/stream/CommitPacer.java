package io.tallystick.schemas.stream;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Asks for a commit soon after a processor has something to emit, so that a quiet pipeline is quick and a busy one commits in large
 * steps; how soon is what {@link CommitPace} says. The configured commit interval is the ceiling.
 *
 * <p>It decides when to commit and nothing else. One per task, used by that task's thread alone.
 */
public final class CommitPacer {

    /**
     * How long a record waits for a commit to begin where the thread keeps up. One that is far behind, by the timestamps of what it reads, takes
     * longer, up to the configured commit interval: what it reads is old anyway, and what a commit writes serves the more records the
     * fewer there are.
     */
    public static final int LIVE_CEILING_MS = 1000;

    static final long LOOK_EVERY_MS = 25;

    /** A commit is of all tasks of a stream thread, so what one costs belongs to the thread. */
    private static final ThreadLocal<CommitPace> PACES = ThreadLocal.withInitial(CommitPace::new);

    private final ProcessorContext<?, ?> context;
    private long records;
    /** Of these, the ones that were there when it was looked at before. */
    private long seen;

    private long committingSinceNanos;

    private long newestMs = Long.MIN_VALUE;
    private long dirtySinceMs;

    private CommitPacer(ProcessorContext<?, ?> context) {
        this.context = context;
    }

    /** To be called from the processor's {@code init}. */
    public static CommitPacer on(ProcessorContext<?, ?> context) {
        PACES.get().startsOver();
        CommitPacer pacer = new CommitPacer(context);
        context.schedule(Duration.ofMillis(LOOK_EVERY_MS), PunctuationType.WALL_CLOCK_TIME, pacer::look);
        return pacer;
    }

    /**
     * A record came whose effects wait for the commit.
     *
     * @param timestampMs that of the record
     */
    public void dirty(long timestampMs) {
        records++;
        newestMs = Math.max(newestMs, timestampMs);
    }

    /** A commit begins: to be called first thing from the pre-commit hook. */
    public void committing() {
        committingSinceNanos = System.nanoTime();
        forget();
    }

    /** All is ready for the commit: to be called last thing from the pre-commit hook. */
    public void committed() {
        PACES.get().prepared(System.nanoTime() - committingSinceNanos);
    }

    /** What all of the thread's tasks had prepared is sent and committed, by its producer, which took this long. */
    static void sent(long nanos) {
        PACES.get().sent(nanos);
    }

    /** The thread's consumer was asked for more: whether there is nothing more than it has given before. */
    static void reads(boolean isAtEnd) {
        PACES.get().reads(isAtEnd);
    }

    private void look(long nowMs) {
        if (records == 0) {
            return;
        }
        CommitPace pace = PACES.get();
        if (records != seen) {
            seen = records;
            pace.took(nowMs);
        }
        if (dirtySinceMs == 0) {
            dirtySinceMs = nowMs;
        } else if (pace.isTime(nowMs, nowMs - dirtySinceMs, nowMs - newestMs)) {
            forget();
            context.commit();
        }
    }

    private void forget() {
        records = 0;
        seen = 0;
        newestMs = Long.MIN_VALUE;
        dirtySinceMs = 0;
    }
}

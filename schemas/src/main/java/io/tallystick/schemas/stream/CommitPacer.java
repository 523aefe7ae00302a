package io.tallystick.schemas.stream;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Asks for a commit soon after a processor has something to emit, so that a quiet pipeline is quick and a busy one commits in
 * large steps: {@value #QUIET_MS} ms after the first record since the last commit, unless more than {@value #BUSY_RECORDS}
 * came in that time; then the configured commit interval is the ceiling.
 *
 * <p>It decides when to commit and nothing else. One per task, used by that task's thread alone.
 */
public final class CommitPacer {

    private static final long QUIET_MS = 100;
    private static final long LOOK_EVERY_MS = 25;
    private static final int BUSY_RECORDS = 20_000;

    private final ProcessorContext<?, ?> context;
    private long records;
    private long dirtySince;

    private CommitPacer(ProcessorContext<?, ?> context) {
        this.context = context;
    }

    /** To be called from the processor's {@code init}. */
    public static CommitPacer on(ProcessorContext<?, ?> context) {
        CommitPacer pacer = new CommitPacer(context);
        context.schedule(Duration.ofMillis(LOOK_EVERY_MS), PunctuationType.WALL_CLOCK_TIME, pacer::look);
        return pacer;
    }

    /** A record came whose effects wait for the commit. */
    public void dirty() {
        records++;
    }

    /** A commit is under way: to be called from the pre-commit hook. */
    public void committed() {
        records = 0;
        dirtySince = 0;
    }

    private void look(long now) {
        if (records == 0) {
            return;
        }
        if (dirtySince == 0) {
            dirtySince = now;
        } else if (now - dirtySince >= QUIET_MS - LOOK_EVERY_MS && records <= BUSY_RECORDS) {
            context.commit();
        }
    }
}

package io.tallystick.deploy.verify;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The moment until which a proof waits for something, and the waiting. */
public final class Deadline {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Duration patience;
    private final long endNanos;

    private Deadline(Duration patience) {
        this.patience = patience;
        this.endNanos = System.nanoTime() + patience.toNanos();
    }

    public static Deadline within(Duration patience) {
        return new Deadline(patience);
    }

    /** Fails when the time is over before {@code condition} came true. */
    public void check(String condition) {
        if (System.nanoTime() - endNanos > 0) {
            throw new AssertionError("not within " + patience.toSeconds() + " s: " + condition);
        }
    }

    /** The first answer that is not null. What goes wrong while looking counts as not yet, and is told when the time is over. */
    public <T> T await(String condition, Callable<@Nullable T> look) {
        Exception last = null;
        while (true) {
            try {
                T answer = look.call();
                if (answer != null) {
                    return answer;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            try {
                check(condition);
            } catch (AssertionError e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                throw e;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}

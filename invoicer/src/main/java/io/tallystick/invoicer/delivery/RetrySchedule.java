package io.tallystick.invoicer.delivery;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/** When a failed attempt is made again: after a random part of an interval that doubles, and not before the provider wishes. */
public final class RetrySchedule {

    static final Duration BASE = Duration.ofMillis(500);
    static final Duration CAP = Duration.ofSeconds(60);

    private RetrySchedule() {}

    /**
     * @param failed how many attempts have failed, at least 1
     * @param retryAfterMs the provider's wish, or 0
     * @param random gives a number from 0 to below its argument
     */
    public static Duration delay(int failed, long retryAfterMs, LongUnaryOperator random) {
        int doublings = Math.min(failed - 1, 16);
        long interval = Math.min(CAP.toMillis(), BASE.toMillis() << doublings);
        return Duration.ofMillis(retryAfterMs + random.applyAsLong(interval + 1));
    }
}

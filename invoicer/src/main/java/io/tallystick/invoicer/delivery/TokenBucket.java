package io.tallystick.invoicer.delivery;

import java.time.Duration;

/** So many requests a second, and as many at once after a pause. The time is told, not looked up. Not thread-safe. */
public final class TokenBucket {

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final long perSecond;
    private long levelNanos;
    private long lastNanos;

    /** @param perSecond 0 for no limit */
    public TokenBucket(long perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.levelNanos = SECOND_NANOS;
        this.lastNanos = nowNanos;
    }

    /** Takes one token; says for how many nanoseconds it must be waited for, 0 for not at all. */
    public long take(long nowNanos) {
        if (perSecond == 0) {
            return 0;
        }
        levelNanos = Math.min(SECOND_NANOS, levelNanos + Math.max(0, nowNanos - lastNanos));
        lastNanos = nowNanos;
        levelNanos -= SECOND_NANOS / perSecond;
        return levelNanos >= 0 ? 0 : -levelNanos;
    }
}

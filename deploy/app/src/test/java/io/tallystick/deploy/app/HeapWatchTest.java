package io.tallystick.deploy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapWatchTest {

    private final HeapWatch watch = new HeapWatch(0, 700);
    private long seconds;
    private long collectedMs = 700;

    /** Five seconds on, of which so many milliseconds went into collecting. */
    private boolean look(long collectingMs) {
        seconds += 5;
        collectedMs += collectingMs;
        return watch.isExhausted(TimeUnit.SECONDS.toNanos(seconds), collectedMs);
    }

    @Test
    void endsAProcessThatHasCollectedForFourLooks() {
        assertThat(look(4_600)).isFalse();
        assertThat(look(4_501)).isFalse();
        assertThat(look(5_000)).isFalse();
        assertThat(look(4_501)).isTrue();
    }

    @Test
    void letsOneGoOnThatHadTimeInBetween() {
        for (int round = 0; round < 10; round++) {
            assertThat(look(5_000)).isFalse();
            assertThat(look(5_000)).isFalse();
            assertThat(look(5_000)).isFalse();
            assertThat(look(4_500)).isFalse();
        }
    }
}

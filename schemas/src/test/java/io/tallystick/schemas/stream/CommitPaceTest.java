package io.tallystick.schemas.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {

    private static final long LIVE = MILLISECONDS.toNanos(1500);
    private static final long BEHIND = LIVE + 1;

    private final CommitPace pace = new CommitPace();

    @Test
    void commitsAtOnceWhileCommitsCostNothing() {
        assertThat(pace.waitMs(LIVE)).isEqualTo(100);
        assertThat(pace.waitMs(BEHIND)).isEqualTo(100);
    }

    @Test
    void letsCommitsTakeMoreOfTheTimeOfAThreadThatKeepsUp() {
        commit(1000, 5, 80);
        assertThat(pace.waitMs(LIVE)).isEqualTo(3 * 40);
        assertThat(pace.waitMs(BEHIND)).isEqualTo(24 * 40);
    }

    @Test
    void countsWhatAllTasksOfTheThreadTake() {
        pace.began(0, 500);
        pace.prepared(MILLISECONDS.toNanos(10));
        pace.began(MILLISECONDS.toNanos(10), 500);
        pace.prepared(MILLISECONDS.toNanos(20));
        pace.ended(MILLISECONDS.toNanos(100));
        pace.ended(MILLISECONDS.toNanos(900)); // the other task's first record
        assertThat(pace.waitMs(LIVE)).isEqualTo(3 * 50);
    }

    @Test
    void takesNoPauseInWhichNothingCameForACost() {
        commit(999, 6, 500);
        assertThat(pace.waitMs(BEHIND)).isEqualTo(100);
        commit(999, 83, 500);
        assertThat(pace.waitMs(LIVE)).isEqualTo((3 + 83) / 2 * 3);
    }

    @Test
    void forgetsWhatASlowCommitTook() {
        commit(1000, 5, 400);
        for (int i = 0; i < 10; i++) {
            commit(1000, 1, 2);
        }
        assertThat(pace.waitMs(BEHIND)).isEqualTo(100);
    }

    private void commit(long records, long preparedMs, long endedMs) {
        pace.began(0, records);
        pace.prepared(MILLISECONDS.toNanos(preparedMs));
        pace.ended(MILLISECONDS.toNanos(endedMs));
    }
}

package io.tallystick.schemas.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {

    private static final long LIVE = 1500;
    private static final long BEHIND = LIVE + 1;
    private static final long NOT_FAR_BEHIND = 5000;
    private static final long FAR_BEHIND = NOT_FAR_BEHIND + 1;
    /** The last moment at which what came at 0 counts as still coming, and the first at which nothing comes any more. */
    private static final long COMING = 249;

    private static final long DRAINED = 250;

    private final CommitPace pace = new CommitPace();
    private long partOf;

    @Test
    void commitsSoonWhileCommitsCostNothing() {
        commit(0, 1, 0, 0);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(100);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(100);
    }

    @Test
    void letsCommitsTakeMoreOfTheTimeOfAThreadThatKeepsUp() {
        commit(0, 1000, 5, 80);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(3 * 40);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(24 * 40);
    }

    @Test
    void knowsThatNothingIsLeftToCatchUpWithHoweverOldItIs() {
        commit(0, 1000, 5, 80);
        assertThat(waitMs(BEHIND, DRAINED)).isEqualTo(3 * 40);
        pace.took(DRAINED);
        assertThat(waitMs(BEHIND, DRAINED + COMING)).isEqualTo(24 * 40);
    }

    @Test
    void beginsOneEachSecondUnlessItIsFarBehind() {
        commit(0, 1000, 5, 600);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(1000 - 300);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(1000 - 300);
        assertThat(waitMs(NOT_FAR_BEHIND, COMING)).isEqualTo(1000 - 300);
        assertThat(waitMs(FAR_BEHIND, COMING)).isEqualTo(24 * 300);
        assertThat(waitMs(FAR_BEHIND, DRAINED)).isEqualTo(1000 - 300);
    }

    @Test
    void letsCommitsTakeHalfOfTheTimeAtMost() {
        commit(0, 1000, 5, 1000);
        assertThat(waitMs(LIVE, COMING)).as("either is half").isEqualTo(500);
        commit(0, 1000, 5, 700);
        assertThat(waitMs(LIVE, COMING)).as("as long as one takes").isEqualTo(600);
        commit(0, 1000, 5, 3000);
        assertThat(waitMs(LIVE, COMING)).as("the ceiling").isEqualTo(1000);
    }

    @Test
    void takesNoPauseBetweenTwoCommitsForACost() {
        long first = pace.began(0, 1000, 0);
        pace.prepared(MILLISECONDS.toNanos(30));
        long second = pace.began(MILLISECONDS.toNanos(60_000), 0, first); // nothing came, and the interval was over
        pace.prepared(MILLISECONDS.toNanos(60_010));
        assertThat(pace.began(MILLISECONDS.toNanos(60_010), 0, first))
                .as("the other task")
                .isEqualTo(second);
        pace.prepared(MILLISECONDS.toNanos(60_030));
        pace.ended(MILLISECONDS.toNanos(120_000));
        assertThat(waitMs(BEHIND, COMING)).isEqualTo((30 / 2 + 30) / 2 * 24 + 12);
    }

    @Test
    void countsWhatAllTasksOfTheThreadTake() {
        pace.began(0, 500, 0);
        pace.prepared(MILLISECONDS.toNanos(10));
        pace.began(MILLISECONDS.toNanos(10), 500, 0);
        pace.prepared(MILLISECONDS.toNanos(20));
        pace.ended(MILLISECONDS.toNanos(100));
        pace.ended(MILLISECONDS.toNanos(900)); // the other task's first record
        assertThat(waitMs(LIVE, COMING)).isEqualTo(3 * 50);
    }

    @Test
    void takesNoPauseInWhichNothingCameForACost() {
        commit(0, 999, 6, 500);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(100);
        commit(0, 999, 83, 500);
        assertThat(waitMs(LIVE, COMING)).isEqualTo((3 + 83) / 2 * 3);
    }

    @Test
    void forgetsWhatASlowCommitTook() {
        commit(0, 1000, 5, 400);
        for (int i = 0; i < 10; i++) {
            commit(0, 1000, 1, 2);
        }
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(100);
    }

    private void commit(long beganMs, long records, long preparedMs, long endedMs) {
        partOf = pace.began(MILLISECONDS.toNanos(beganMs), records, partOf);
        pace.prepared(MILLISECONDS.toNanos(beganMs + preparedMs));
        pace.ended(MILLISECONDS.toNanos(beganMs + endedMs));
    }

    /** How long the first record waits, right behind a commit, when it is looked often enough. */
    private long waitMs(long ageMs, long nowMs) {
        long dirtyMs = 0;
        while (!pace.isTime(nowMs, dirtyMs, ageMs)) {
            dirtyMs++;
        }
        return dirtyMs + CommitPacer.LOOK_EVERY_MS;
    }
}

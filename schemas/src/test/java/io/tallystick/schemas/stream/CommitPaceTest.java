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

    @Test
    void commitsSoonWhileCommitsCostNothing() {
        commit(0);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(100);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(100);
    }

    @Test
    void letsCommitsTakeMoreOfTheTimeOfAThreadThatKeepsUp() {
        commit(40);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(100);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(24 * 20);
        commit(100);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(3 * 60);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(1000 - 60);
    }

    @Test
    void knowsThatNothingIsLeftToCatchUpWithHoweverOldItIs() {
        commit(80);
        assertThat(waitMs(FAR_BEHIND, DRAINED)).isEqualTo(3 * 40);
        pace.took(DRAINED);
        assertThat(waitMs(FAR_BEHIND, DRAINED + COMING)).isEqualTo(24 * 40);
    }

    @Test
    void waitsLessToSeeThatNothingIsLeftWhereTheConsumerHasGivenAll() {
        commit(80);
        pace.reads(true);
        assertThat(waitMs(FAR_BEHIND, 24)).isEqualTo(24 * 40);
        assertThat(waitMs(FAR_BEHIND, 25)).isEqualTo(3 * 40);
        pace.reads(false);
        assertThat(waitMs(FAR_BEHIND, COMING)).isEqualTo(24 * 40);
    }

    @Test
    void beginsOneEachSecondUnlessItIsFarBehind() {
        commit(600);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(1000 - 300);
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(1000 - 300);
        assertThat(waitMs(NOT_FAR_BEHIND, COMING)).isEqualTo(1000 - 300);
        assertThat(waitMs(FAR_BEHIND, COMING)).isEqualTo(24 * 300);
        assertThat(waitMs(FAR_BEHIND, DRAINED)).isEqualTo(1000 - 300);
    }

    @Test
    void letsCommitsOfLessThanASecondTakeHalfOfTheTimeAtMost() {
        commit(1000);
        assertThat(waitMs(LIVE, COMING)).as("either is half").isEqualTo(500);
        commit(700);
        assertThat(waitMs(LIVE, COMING)).as("as long as one takes").isEqualTo(600);
        commit(3000);
        assertThat(waitMs(LIVE, COMING)).as("the ceiling").isEqualTo(1000);
    }

    @Test
    void countsWhatAllTasksOfTheThreadTakeAndWhatIsSent() {
        pace.prepared(MILLISECONDS.toNanos(10));
        pace.prepared(MILLISECONDS.toNanos(10));
        commit(80);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(3 * 50);
        commit(0);
        assertThat(waitMs(LIVE, COMING)).as("once").isEqualTo(100);
    }

    @Test
    void forgetsACommitThatFailed() {
        pace.prepared(MILLISECONDS.toNanos(5000));
        pace.startsOver();
        commit(80);
        assertThat(waitMs(LIVE, COMING)).isEqualTo(3 * 40);
    }

    @Test
    void forgetsWhatASlowCommitTook() {
        commit(400);
        for (int i = 0; i < 10; i++) {
            commit(2);
        }
        assertThat(waitMs(BEHIND, COMING)).isEqualTo(100);
    }

    private void commit(long tookMs) {
        pace.sent(MILLISECONDS.toNanos(tookMs));
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

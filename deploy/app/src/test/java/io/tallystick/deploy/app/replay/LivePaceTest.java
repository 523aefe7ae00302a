package io.tallystick.deploy.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A stage is looked at four times a second, as a reader would. */
class LivePaceTest {

    private static final TopicPartition PLACE = new TopicPartition("usage.events", 0);
    private static final long LOOK = LivePace.LOOK_EVERY.toNanos();

    private final Collection<StageLag> lags = new ArrayList<>();
    private final LivePace pace = new LivePace(() -> lags);
    private long now = -5_000_000_000L; // such a clock may begin below zero

    @Test
    void nobodyWaitsForAPipelineThatIsNotThere() {
        assertThat(looks(100)).isZero();
    }

    @Test
    void nobodyWaitsForAStageThatCommitsEverySecond() {
        long end = 0;
        int waits = 0;
        for (int second = 0; second < 60; second++) {
            long committed = end;
            for (int look = 0; look < 4; look++) {
                end += 1_000;
                waits += look(committed, end);
            }
        }

        assertThat(waits).isZero();
    }

    @Test
    void aReaderWaitsWhileAStageIsBehindAndGoesOnWhenItHasCaughtUp() {
        long end = 0;
        // It commits all the time, and is two and a half seconds behind.
        int waits = 0;
        for (int look = 0; look < 20; look++) {
            end += 1_000;
            waits += look(Math.max(0, end - 10_000), end);
        }

        assertThat(waits).isPositive();
        assertThat(look(end, end)).isZero();
    }

    @Test
    void whatIsBehindByLessThanTheBoundIsNotWaitedFor() {
        assertThat(waitsWhenBehindBy(7)).isZero();
        assertThat(waitsWhenBehindBy(9)).isPositive();
    }

    @Test
    void aStageThatStaysBehindDoesNotStopAReaderForEver() {
        long end = 0;
        int waits = 0;
        int looks = 2_000;
        for (int look = 0; look < looks; look++) {
            end += 1_000;
            waits += look(Math.max(0, end - 100_000), end);
        }

        assertThat(waits).isBetween(looks * 8 / 10, looks * 9 / 10);
    }

    @Test
    void aStageThatHasStoppedIsNotWaitedFor() {
        look(500, 1_000);
        int looks = (int) (LivePace.STANDS_STILL.toNanos() / LOOK);
        for (int look = 1; look < looks; look++) {
            look(500, 1_000 + look);
        }

        int waits = 0;
        for (int look = 0; look < 100; look++) {
            waits += look(500, 2_000 + look);
        }

        assertThat(waits).isZero();
    }

    @Test
    void aMarkerThatATransactionLeavesBehindIsNoBacklog() {
        int waits = 0;
        for (int look = 0; look < 100; look++) {
            waits += look(10 + look / 50, 11 + look / 50);
        }

        assertThat(waits).isZero();
    }

    @Test
    void aBacklogThatNobodyWorksOnAndNothingComesToIsNotWaitedFor() {
        int waits = 0;
        for (int look = 0; look < 100; look++) {
            waits += look(10, 10_000);
        }

        assertThat(waits).isZero();
    }

    @Test
    void itIsLookedAtOnlySoOften() {
        List<Long> looked = new ArrayList<>();
        LivePace counted = new LivePace(() -> {
            looked.add(now);
            return List.of();
        });
        for (int i = 0; i < 1_000; i++) {
            counted.mustWait(now += Duration.ofMillis(1).toNanos());
        }

        assertThat(looked).hasSize(4);
    }

    private int waitsWhenBehindBy(int looks) {
        lags.clear();
        LivePace other = new LivePace(() -> lags);
        int waits = 0;
        for (int look = 0; look < 18; look++) {
            lags.clear();
            lags.add(new StageLag(PLACE, Math.max(0, look - looks + 1) * 1_000L, (look + 1) * 1_000L));
            waits += other.mustWait(now += LOOK) ? 1 : 0;
        }
        return waits;
    }

    private int look(long committed, long end) {
        lags.clear();
        lags.add(new StageLag(PLACE, committed, end));
        return pace.mustWait(now += LOOK) ? 1 : 0;
    }

    private int looks(int count) {
        int waits = 0;
        for (int look = 0; look < count; look++) {
            waits += pace.mustWait(now += LOOK) ? 1 : 0;
        }
        return waits;
    }
}

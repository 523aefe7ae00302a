package io.tallystick.invoicer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

    @Test
    void theIntervalDoublesUpToItsCap() {
        assertThat(longest(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(longest(2)).isEqualTo(Duration.ofSeconds(1));
        assertThat(longest(7)).isEqualTo(Duration.ofSeconds(32));
        assertThat(longest(8)).isEqualTo(RetrySchedule.CAP);
        assertThat(longest(1_000_000)).isEqualTo(RetrySchedule.CAP);
    }

    @Test
    void theProvidersWishIsALowerBound() {
        assertThat(RetrySchedule.delay(1, 7000, bound -> 0)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aBucketGivesItsRateAndNoMore() {
        TokenBucket bucket = new TokenBucket(10, 0);
        for (int token = 0; token < 10; token++) {
            assertThat(bucket.take(0)).isZero();
        }
        assertThat(bucket.take(0)).isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(bucket.take(Duration.ofMillis(200).toNanos())).isZero();
        assertThat(new TokenBucket(0, 0).take(0)).isZero();
    }

    private static Duration longest(int failed) {
        return RetrySchedule.delay(failed, 0, bound -> bound - 1);
    }
}

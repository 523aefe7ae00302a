package io.tallystick.deploy.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {

    @Test
    void tellsWhenHalfWasDoneInProportionBetweenTwoLooks() {
        Timeline timeline = new Timeline();
        timeline.add(new Timeline.Sample(1_000, 0, 1, 10, 0));
        timeline.add(new Timeline.Sample(2_000, 40, 2, 20, 1));
        timeline.add(new Timeline.Sample(4_000, 60, 4, 40, 5));
        assertThat(timeline.at(50)).isEqualTo(new Timeline.Sample(3_000, 50, 3, 30, 3));
        assertThat(timeline.at(40)).isEqualTo(new Timeline.Sample(2_000, 40, 2, 20, 1));
    }

    @Test
    void takesAPositionForTheEventsThatHadBeenDoneInFrontOfIt() {
        Timeline.Positions positions = new Timeline.Positions();
        positions.mark(100, 1_000);
        positions.mark(300, 2_000);
        assertThat(positions.eventsAt(50)).isEqualTo(500);
        assertThat(positions.eventsAt(100)).isEqualTo(1_000);
        assertThat(positions.eventsAt(200)).isEqualTo(1_500);
        assertThat(positions.eventsAt(400)).isEqualTo(2_000);
    }

    @Test
    void takesTheSmallestLatencyThatAPercentageDoesNotExceed() {
        long[] sorted = new long[200];
        for (int at = 0; at < sorted.length; at++) {
            sorted[at] = at + 1L;
        }
        assertThat(Results.at(sorted, 50)).isEqualTo(100);
        assertThat(Results.at(sorted, 99)).isEqualTo(198);
        sorted[198] = Long.MAX_VALUE;
        sorted[197] = Long.MAX_VALUE;
        assertThat(Results.at(sorted, 99)).isEqualTo(-1);
    }
}

package io.tallystick.invoicer.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneTest {

    private final Lane lane = new Lane(0);

    @Test
    void attemptsInARowCountUntilOneSucceeds() {
        assertThat(lane.failed()).isEqualTo(1);
        assertThat(lane.failed()).isEqualTo(2);
        lane.succeeded();

        assertThat(lane.failed()).isEqualTo(1);
    }

    /** Else a customer waits for minutes behind one error that the provider keeps giving again, though it is well. */
    @Test
    void aStepThatSurelyWasNotDoneIsAskedForAnewWithoutTheFailuresBehindIt() {
        for (int error = 1; error <= 7; error++) {
            lane.failed();
        }

        assertThat(lane.beginsAnew(1)).isEqualTo(1);
        assertThat(lane.failed()).isEqualTo(2);
    }

    @Test
    void aProviderThatAnswersLookUpsAndDoesNothingIsAskedLessAndLess() {
        for (int answers = 1; answers <= 20; answers++) {
            for (int error = 1; error <= 4; error++) {
                lane.failed();
            }
            assertThat(lane.beginsAnew(answers)).isEqualTo(answers);
        }
    }
}

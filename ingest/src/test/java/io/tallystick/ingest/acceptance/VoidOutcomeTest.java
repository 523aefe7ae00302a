package io.tallystick.ingest.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoidOutcomeTest {

    private static final long TIME = 1_775_000_000_000L;
    private static final long NOW = TIME + 1000;
    private static final int SEEN = 20;

    private static VoidOutcome of(long now, boolean isVoided, long filledUpTo) {
        EventVoidRequested request = new EventVoidRequested(
                "acme", 7, new Place(0, 3), new Identity(1, 2), 1, TIME, List.of(), SEEN, "sent twice", now);
        return VoidOutcome.of(request, now, isVoided, filledUpTo);
    }

    @Test
    void anEventIsVoidedOnce() {
        assertThat(of(NOW, false, 0)).isEqualTo(VoidOutcome.VOIDED);
        assertThat(of(NOW, true, 0)).isEqualTo(VoidOutcome.ALREADY_VOIDED);
    }

    @Test
    void correctionsAreTakenForFourHundredDays() {
        long horizon = Duration.ofDays(400).toMillis();

        assertThat(of(TIME + horizon, false, 0)).isEqualTo(VoidOutcome.VOIDED);
        assertThat(of(TIME + horizon + 1, false, 0)).isEqualTo(VoidOutcome.TOO_OLD);
    }

    @Test
    void whoeverAsksKnowsOfEveryReadingThatWasFilledIn() {
        assertThat(of(NOW, false, SEEN)).isEqualTo(VoidOutcome.VOIDED);
        assertThat(of(NOW, false, SEEN + 1)).isEqualTo(VoidOutcome.OUT_OF_DATE);
    }
}

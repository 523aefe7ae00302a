package io.tallystick.invoicer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.delivery.DeliveryLifecycle.Turn;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.event.Delivery.Step;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveryLifecycleTest {

    private static final Instant NOW = Instant.parse("2026-05-01T01:00:00Z");

    @Test
    void aStepIsNotedBeforeItIsFirstSentAndNotAgainWhenItIsRepeated() {
        DeliveryState fresh = state(Action.CREATE_INVOICE, Action.FINALIZE);
        DeliveryState begun = DeliveryLifecycle.evolve(fresh, DeliveryLifecycle.begin(fresh, NOW));

        assertThat(DeliveryLifecycle.next(fresh, NOW)).isEqualTo(Turn.BEGIN);
        assertThat(DeliveryLifecycle.next(begun, NOW)).isEqualTo(Turn.SEND);
        assertThat(DeliveryLifecycle.next(later(begun), NOW)).isEqualTo(Turn.SEND);
    }

    @Test
    void aRepeatIsSentOnlyWhileTheProviderSurelyRemembersTheFirst() {
        DeliveryState begun = begun(Action.CREATE_INVOICE);
        Instant last = NOW.plus(DeliveryLifecycle.TRUSTED_FOR);

        assertThat(DeliveryLifecycle.next(begun, last.minusMillis(1))).isEqualTo(Turn.SEND);
        assertThat(DeliveryLifecycle.next(begun, last)).isEqualTo(Turn.DOUBT);
    }

    @Test
    void whatIsInDoubtIsLookedUpHoweverOftenThatFails() {
        DeliveryState begun = begun(Action.CREATE_INVOICE);
        DeliveryState doubtful = DeliveryLifecycle.evolve(begun, DeliveryLifecycle.doubt(begun, NOW));

        assertThat(DeliveryLifecycle.next(doubtful, NOW)).isEqualTo(Turn.LOOK);
        assertThat(DeliveryLifecycle.decide(doubtful, new Outcome.Unknown(0, "", "down", 0), NOW))
                .isEmpty();
        assertThat(DeliveryLifecycle.decide(doubtful, new Outcome.Later(429, "", "slow down", 0), NOW))
                .isEmpty();
    }

    @Test
    void whatWasFoundIsNotSentAndWhatWasNotBeginsAnewUnderAnotherIdentity() {
        DeliveryState begun = begun(Action.CREATE_INVOICE, Action.FINALIZE);
        DeliveryState doubtful = DeliveryLifecycle.evolve(begun, DeliveryLifecycle.doubt(begun, NOW));

        DeliveryState found = after(doubtful, new Outcome.Done(200, "in_1", "found"));
        DeliveryState absent = after(doubtful, new Outcome.Absent("no such invoice"));

        assertThat(found.step()).isEqualTo(1);
        assertThat(found.path()).isEqualTo("/FINALIZE/in_1");
        assertThat(absent.step()).isZero();
        assertThat(absent.identity()).isEqualTo("id-CREATE_INVOICE:r1");
        assertThat(DeliveryLifecycle.next(absent, NOW.plus(Duration.ofDays(2)))).isEqualTo(Turn.BEGIN);
    }

    @Test
    void errorsOfTheServerMayBeOneStoredAnswerWhateverComesBetweenThem() {
        DeliveryState state = begun(Action.CREATE_INVOICE);
        for (int error = 1; error < DeliveryLifecycle.SERVER_ERRORS_MAX; error++) {
            state = after(state, new Outcome.Unknown(500, "api_error", "", 0));
            assertThat(DeliveryLifecycle.next(state, NOW)).isEqualTo(Turn.SEND);
        }
        DeliveryState limited = after(state, new Outcome.Later(429, "", "", 0));
        DeliveryState silent = after(limited, new Outcome.Unknown(0, "", "timed out", 0));
        DeliveryState failed = after(silent, new Outcome.Unknown(500, "api_error", "", 0));

        assertThat(DeliveryLifecycle.next(silent, NOW)).isEqualTo(Turn.SEND);
        assertThat(DeliveryLifecycle.next(failed, NOW)).isEqualTo(Turn.DOUBT);
    }

    /** Sums of usage are shown late: that it is not in them is no reason to send it under another name. */
    @Test
    void usageKeepsItsNameForAsLongAsTheProviderKnowsItHoweverOftenItFails() {
        DeliveryState state = begun(Action.METER_EVENT);
        Set<String> keys = new LinkedHashSet<>();
        for (int error = 0; error <= DeliveryLifecycle.SERVER_ERRORS_MAX; error++) {
            assertThat(DeliveryLifecycle.next(state, NOW.plus(Duration.ofHours(19))))
                    .isEqualTo(Turn.SEND);
            assertThat(state.identity()).isEqualTo("id-METER_EVENT");
            keys.add(state.key());
            state = after(state, new Outcome.Unknown(500, "api_error", "", 0));
        }

        assertThat(keys)
                .containsExactly(
                        "id-METER_EVENT",
                        "id-METER_EVENT:k1",
                        "id-METER_EVENT:k2",
                        "id-METER_EVENT:k3",
                        "id-METER_EVENT:k4");
        assertThat(DeliveryLifecycle.next(state, NOW.plus(Duration.ofHours(20))))
                .isEqualTo(Turn.DOUBT);
        assertThat(DeliveryLifecycle.doubt(state, NOW).detail()).contains("first attempt was at");
    }

    @Test
    void aKeyUnderWhichAnErrorMayBeStoredIsNotTakenUpAgain() {
        DeliveryState failed = after(begun(Action.METER_EVENT), new Outcome.Unknown(500, "api_error", "", 0));
        DeliveryState limited = after(failed, new Outcome.Later(429, "", "", 0));
        DeliveryState silent = after(failed, new Outcome.Unknown(0, "", "timed out", 0));

        assertThat(limited.key()).isEqualTo("id-METER_EVENT:k1");
        assertThat(silent.key()).isEqualTo("id-METER_EVENT:k1");
    }

    @Test
    void aProviderWithoutMemoryIsNeverAskedTwiceWithoutALook() {
        DeliveryState crashed = begun(Action.PAYMENT_REQUEST);
        DeliveryState silent = after(crashed, new Outcome.Unknown(0, "", "timed out", 0));
        DeliveryState limited = after(crashed, new Outcome.Later(429, "", "", 0));

        assertThat(DeliveryLifecycle.next(crashed, NOW)).isEqualTo(Turn.DOUBT);
        assertThat(DeliveryLifecycle.next(silent, NOW)).isEqualTo(Turn.LOOK);
        assertThat(DeliveryLifecycle.next(limited, NOW)).isEqualTo(Turn.BEGIN);
    }

    @Test
    void theLastStepDelivers() {
        DeliveryState state = begun(Action.METER_EVENT);

        DeliveryState delivered = after(state, new Outcome.Done(200, "", ""));

        assertThat(delivered.status()).isEqualTo(Status.DELIVERED);
        assertThat(DeliveryLifecycle.next(delivered, NOW)).isEqualTo(Turn.NOTHING);
    }

    @Test
    void receiptsThatWereOvertakenChangeNothing() {
        DeliveryState first = begun(Action.CREATE_INVOICE, Action.FINALIZE);
        Receipt stale = DeliveryLifecycle.decide(first, new Outcome.Later(429, "", "", 0), NOW)
                .orElseThrow();
        DeliveryState second = after(first, new Outcome.Done(200, "in_1", ""));

        assertThat(DeliveryLifecycle.evolve(second, stale)).isEqualTo(second);
        DeliveryState rejected = after(second, new Outcome.Rejected(400, "no", ""));
        assertThat(rejected.status()).isEqualTo(Status.FAILED);
        assertThat(DeliveryLifecycle.evolve(rejected, DeliveryLifecycle.begin(second, NOW)))
                .isEqualTo(rejected);
    }

    @Test
    void aLockedProviderSaysNothingAboutADelivery() {
        assertThat(DeliveryLifecycle.decide(begun(Action.CREATE_INVOICE), new Outcome.Locked(401, ""), NOW))
                .isEmpty();
    }

    @Test
    void aReadingStepIsNeitherNotedNorDoubted() {
        DeliveryState state = state(Action.COMPARE);

        assertThat(DeliveryLifecycle.next(state, NOW)).isEqualTo(Turn.SEND);
        assertThat(after(state, new Outcome.Unknown(500, "", "", 0)).status()).isEqualTo(Status.SENT);
    }

    @Test
    void usageIsSentUntilItIsOlderThanStripeTakesIt() {
        DeliveryState fresh = state(Action.METER_EVENT);
        Instant last = fresh.delivery().period().end().plus(DeliveryLifecycle.TAKEN_FOR);
        Instant after = last.plusMillis(1);

        assertThat(DeliveryLifecycle.next(fresh, last)).isEqualTo(Turn.BEGIN);
        assertThat(DeliveryLifecycle.next(fresh, after)).isEqualTo(Turn.REFUSE);
        DeliveryState refused = DeliveryLifecycle.evolve(fresh, DeliveryLifecycle.refuse(fresh, after));
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).startsWith("timestamp_too_far_in_past: ");
    }

    @Test
    void oldUsageThatMayHaveBeenTakenIsLookedUpAndNotGivenUp() {
        DeliveryState begun = begun(Action.METER_EVENT);
        Instant after = begun.delivery()
                .period()
                .end()
                .plus(DeliveryLifecycle.TAKEN_FOR)
                .plusMillis(1);

        assertThat(DeliveryLifecycle.next(begun, after)).isEqualTo(Turn.DOUBT);
    }

    @Test
    void usageThatIsReportedLaterCountsAsFailedOnceAndCanBeTakenUpAgain() {
        DeliveryState delivered = after(begun(Action.METER_EVENT), new Outcome.Done(200, "", ""));
        Receipt report = DeliveryLifecycle.reported(delivered, "no_meter", "nothing counts it", NOW);
        DeliveryState failed = DeliveryLifecycle.evolve(delivered, report);

        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.reason()).isEqualTo("reported_no_meter: nothing counts it");
        assertThat(DeliveryLifecycle.evolve(failed, report)).isEqualTo(failed);

        DeliveryState reopened = DeliveryLifecycle.evolve(failed, DeliveryLifecycle.reopen(failed, NOW));
        assertThat(DeliveryLifecycle.next(reopened, NOW)).isEqualTo(Turn.LOOK);
        DeliveryState anew = after(reopened, new Outcome.Absent("the hour does not hold it"));
        assertThat(anew.identity()).isEqualTo("id-METER_EVENT:r1");
        assertThat(DeliveryLifecycle.evolve(anew, report)).isEqualTo(anew);
    }

    @Test
    void onlyWhatFailedIsTakenUpAgain() {
        DeliveryState delivered = after(begun(Action.METER_EVENT), new Outcome.Done(200, "", ""));
        DeliveryState declined = after(begun(Action.CREATE_INVOICE), new Outcome.Rejected(400, "no", ""));

        assertThat(DeliveryLifecycle.mayReopen(delivered)).isFalse();
        assertThat(DeliveryLifecycle.evolve(delivered, DeliveryLifecycle.reopen(delivered, NOW)))
                .isEqualTo(delivered);
        assertThat(DeliveryLifecycle.mayReopen(declined)).isTrue();
        assertThat(DeliveryLifecycle.evolve(declined, DeliveryLifecycle.doubt(declined, NOW)))
                .isEqualTo(declined); // of a worker that was overtaken
    }

    private static DeliveryState later(DeliveryState state) {
        return after(state, new Outcome.Later(429, "", "", 0));
    }

    private static DeliveryState after(DeliveryState state, Outcome outcome) {
        Optional<Receipt> receipt = DeliveryLifecycle.decide(state, outcome, NOW);
        return DeliveryLifecycle.evolve(state, receipt.orElseThrow());
    }

    private static DeliveryState begun(Action... actions) {
        DeliveryState state = state(actions);
        return DeliveryLifecycle.evolve(state, DeliveryLifecycle.begin(state, NOW));
    }

    private static DeliveryState state(Action... actions) {
        List<Step> steps = Arrays.stream(actions)
                .map(action -> new Step(action, "/" + action + "/" + Delivery.OBJECT, "", "id-" + action))
                .toList();
        return DeliveryState.of(new Delivery(
                "inv:1",
                "acme",
                "acme",
                "stripe",
                "invoice",
                "cus_1",
                "",
                "acme-2026-04-01",
                new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z")),
                "USD",
                BigDecimal.ONE,
                steps,
                "",
                ""));
    }
}

package io.tallystick.ingest.acceptance;

import static io.tallystick.ingest.acceptance.TestingMeters.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.decode.BrokenMessages;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.ingest.decode.TestingMessages;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A bounded number of broken messages: each is accepted or rejected with a reason, and nothing is ever thrown. */
class MalformedEnvelopesTest {

    private static final int CASES = 30_000;
    private static final long SEED = Long.getLong("proof.seed", System.nanoTime() & 0xFFFF_FFFFL);

    @Test
    void isAcceptedOrRejectedWithAReason() {
        System.out.println("malformed envelopes: -Dproof.seed=" + SEED);
        BrokenMessages messages = new BrokenMessages(new Random(SEED));
        RevisionRules rules = TestingMeters.rules(1, TOKENS);
        EventDecoder decoder = new EventDecoder();
        Acceptance acceptance = new Acceptance();
        long now = 1_776_686_400_000L;
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            TestingMessages message = messages.next();
            DecodedEvent event = decoder.decode(message.value(), message.headers(), rules);
            Decision decision = acceptance.decide(event, rules, now, now);
            if (decision instanceof Rejection rejection) {
                assertThat(rejection.detail()).isNotBlank().hasSizeLessThan(1000);
                reasons.merge(rejection.reason(), 1, Integer::sum);
            } else {
                accepted++;
            }
        }
        assertThat(accepted).isPositive();
        assertThat(reasons)
                .containsKeys(
                        Reason.NOT_A_CLOUD_EVENT,
                        Reason.MISSING_SUBJECT,
                        Reason.INVALID_TIME,
                        Reason.UNKNOWN_TYPE,
                        Reason.INVALID_VALUE);
    }
}

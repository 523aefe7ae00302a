package io.tallystick.ingest.acceptance;

import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import java.time.Duration;

/** What becomes of the wish to void an accepted event: decided where the event was, from nothing but the requests and events in front. */
public enum VoidOutcome {
    VOIDED,
    /** It counts for nothing already. */
    ALREADY_VOIDED,
    /** Its time is longer ago than corrections are taken. */
    TOO_OLD,
    /** A reading was filled in for the tenant since its log was read: it might be one of this event, so the log is to be read again. */
    OUT_OF_DATE;

    /** How long after its time an event may be voided: what the stages behind remember of closed periods is bounded by it. */
    public static final Duration CORRECTION_HORIZON = Duration.ofDays(400);

    /**
     * @param now the request's record time, milliseconds since the epoch
     * @param isVoided whether the event was voided before
     * @param filledUpTo the sequence of the last reading that was filled in for the tenant, 0 before the first
     */
    public static VoidOutcome of(EventVoidRequested request, long now, boolean isVoided, long filledUpTo) {
        if (isVoided) {
            return ALREADY_VOIDED;
        }
        if (isTooOld(request.time(), now)) {
            return TOO_OLD;
        }
        return filledUpTo > request.seen() ? OUT_OF_DATE : VOIDED;
    }

    /** Whether an event of this time can be voided no more; both in milliseconds since the epoch. */
    public static boolean isTooOld(long time, long now) {
        return now - time > CORRECTION_HORIZON.toMillis();
    }
}

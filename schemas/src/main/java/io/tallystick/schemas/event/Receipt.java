package io.tallystick.schemas.event;

import java.time.Instant;

/**
 * What came of one attempt at a delivery, or what it is about to be: a record of {@code billing.receipts}. Folded in their order, the receipts of a
 * delivery are its state.
 *
 * @param delivery its id
 * @param step which one, from 0
 * @param revision how often the step was given up and begun anew with another identity
 * @param status HTTP's, or 0 where nothing was answered
 * @param code the provider's word for what went wrong, or ""
 * @param object the provider's id of what was made, or ""
 * @param detail for people; never a secret
 */
public record Receipt(
        String tenant,
        String delivery,
        Kind kind,
        int step,
        int revision,
        Instant at,
        int status,
        String code,
        String object,
        String detail)
        implements ReceiptRecord {

    /** What happened. */
    public enum Kind {
        /** The first attempt of a step is about to be made: written before it is, so that a crash cannot hide it. */
        SENDING,
        /** The provider has done the step; the next one may be taken. */
        ACCEPTED,
        /** The attempt failed and will be made again with the same identity. */
        DEFERRED,
        /** Whether the step was done is not known, and its identity may have expired: it is looked up before anything is sent. */
        AMBIGUOUS,
        /** Looked up, and not there: the step begins anew with the next revision of its identity. */
        ABSENT,
        /** All steps are done. */
        DELIVERED,
        /** It will not be delivered; a person must look at it. */
        FAILED
    }
}

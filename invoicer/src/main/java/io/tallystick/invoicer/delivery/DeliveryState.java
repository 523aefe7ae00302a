package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Step;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a delivery is: its receipts, folded.
 *
 * @param step the one to take next
 * @param revision how often that step began anew
 * @param attempts of the step and revision that failed
 * @param serverErrors of those, the ones that the provider blamed on itself
 * @param firstAttemptAt of the step and revision; null when nothing was sent for them
 * @param object the provider's id of what was made, or ""
 * @param reason why it failed or is in doubt, or why the last attempt failed; or ""
 */
public record DeliveryState(
        Delivery delivery,
        Status status,
        int step,
        int revision,
        int attempts,
        int serverErrors,
        @Nullable Instant firstAttemptAt,
        String object,
        String reason) {

    public enum Status {
        /** Nothing is under way. */
        PENDING,
        /** Sent, perhaps: an answer is awaited, or the attempt will be made again with the same identity. */
        SENT,
        /** Whether it was done is not known, and sending it again might do it twice. */
        AMBIGUOUS,
        DELIVERED,
        /** Given up; a person must look at it. */
        FAILED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A delivery of which nothing has been done. */
    public static DeliveryState of(Delivery delivery) {
        return new DeliveryState(delivery, Status.PENDING, 0, 0, 0, 0, null, "", "");
    }

    /** A withdrawal, acting on the object that another delivery made, where that made it. */
    public DeliveryState takingBack(DeliveryState other) {
        return new DeliveryState(
                InvoiceDeliveries.withdrawal(delivery, other.delivery()),
                status,
                step,
                revision,
                attempts,
                serverErrors,
                firstAttemptAt,
                other.object(),
                reason);
    }

    /** Whether nothing was ever sent for it, and nobody has taken it up again. */
    public boolean isUntouched() {
        return status == Status.PENDING && step == 0 && revision == 0 && firstAttemptAt == null;
    }

    /** Whether nothing will happen any more. */
    public boolean isOver() {
        return status == Status.DELIVERED || status == Status.FAILED;
    }

    /** The step to take next. */
    public Step next() {
        return delivery.steps().get(step);
    }

    /**
     * What tells the provider that the step was asked before. A revision is a new question, but not to charge: a reference is known for ever, and an
     * attempt that nothing is known of may still be on its way.
     */
    public String identity() {
        String identity = next().identity();
        return revision == 0 || next().action() == Delivery.Action.CHARGE ? identity : identity + ":r" + revision;
    }

    /**
     * The key of the request. An answer may be stored under a key, an error too: what is dropped by a name in its body is asked again under other keys, a step
     * that has no such name only under another identity.
     */
    public String key() {
        return serverErrors > 0 && DeliveryLifecycle.isNamed(next().action())
                ? identity() + ":k" + serverErrors
                : identity();
    }

    /** The body of the step to take next, with all that is known by now. */
    public String body() {
        return next().body().replace(Delivery.OBJECT, object).replace(Delivery.IDENTITY, identity());
    }

    /** The path of the step to take next. */
    public String path() {
        return next().path().replace(Delivery.OBJECT, object);
    }
}

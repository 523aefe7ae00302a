package io.tallystick.invoicer.delivery;

import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.Receipt.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The life of a delivery.
 *
 * <pre>
 *   pending ─SENDING─▶ sent ─ACCEPTED─▶ pending (next step) … ─DELIVERED─▶ delivered
 *      ▲                │ └─DEFERRED─▶ sent (again, same identity)
 *      │                ├─FAILED─▶ failed
 *      └─ABSENT─ ambiguous ◀─AMBIGUOUS─┘          (looked up first: ACCEPTED or DELIVERED where it was done after all)
 * </pre>
 *
 * <p>An identity protects for as long as the provider remembers it, which is a day at Stripe. So a step whose first attempt is older than
 * {@link #TRUSTED_FOR} is never simply sent again.
 */
public final class DeliveryLifecycle {

    /** How long after the first attempt the provider is trusted to know a repeated one: well inside its 24 hours. */
    public static final Duration TRUSTED_FOR = Duration.ofHours(20);

    /**
     * How long an attempt without an answer may still be on its way. What the provider can tell apart by nothing we send is not asked again before, however
     * often it is not there.
     */
    public static final Duration SETTLED_AFTER = Duration.ofMinutes(2);

    /** How long ago usage may have been that Stripe still takes. */
    public static final Duration TAKEN_FOR = Duration.ofDays(35);

    /** In front of the provider's word for what it could not use although it had taken it. */
    static final String REPORTED = "reported_";

    private static final String REOPENED = "reopened";
    private static final String TOO_OLD = "timestamp_too_far_in_past";

    /**
     * So many errors of the provider may be one stored answer, given again and again. What comes between them, as a limit or no answer, is not stored, and
     * says nothing about what is.
     */
    static final int SERVER_ERRORS_MAX = 4;

    private DeliveryLifecycle() {}

    /** What to do with a delivery. */
    public enum Turn {
        /** It is over. */
        NOTHING,
        /** Give it up: it cannot be delivered. */
        REFUSE,
        /** Note that the step is about to be sent, then send it. */
        BEGIN,
        /** Send the step, with the identity that it has been sent with. */
        SEND,
        /** Note that it is in doubt, then look it up. */
        DOUBT,
        /** Look up whether the step was done. */
        LOOK
    }

    public static Turn next(DeliveryState state, Instant now) {
        if (state.isOver()) {
            return Turn.NOTHING;
        }
        if (!state.delivery().refusal().isEmpty() || state.delivery().steps().isEmpty()) {
            return Turn.REFUSE;
        }
        if (state.status() == Status.AMBIGUOUS) {
            return Turn.LOOK;
        }
        if (isReading(state.next().action())) {
            return Turn.SEND;
        }
        Instant first = state.firstAttemptAt();
        if (first == null) {
            return isTooOld(state, now) ? Turn.REFUSE : Turn.BEGIN;
        }
        boolean trusted = now.isBefore(first.plus(TRUSTED_FOR))
                && (state.serverErrors() < SERVER_ERRORS_MAX
                        || isNamed(state.next().action()))
                && isRemembered(state.next().action());
        return trusted ? Turn.SEND : Turn.DOUBT;
    }

    /** Whether a delivery has come to a step of this kind, and nothing was sent for it yet. */
    public static boolean isBefore(Action action, DeliveryState state) {
        return state.status() == Status.PENDING
                && state.firstAttemptAt() == null
                && !state.delivery().steps().isEmpty()
                && state.next().action() == action;
    }

    /** The receipt of what came of a turn. */
    public static Optional<Receipt> decide(DeliveryState state, Outcome outcome, Instant now) {
        if (outcome instanceof Outcome.Done done) {
            boolean isLast = state.step() + 1 >= state.delivery().steps().size();
            return Optional.of(receipt(
                    state,
                    isLast ? Kind.DELIVERED : Kind.ACCEPTED,
                    now,
                    done.status(),
                    "",
                    done.object(),
                    done.detail()));
        }
        if (outcome instanceof Outcome.Rejected rejected) {
            return Optional.of(
                    receipt(state, Kind.FAILED, now, rejected.status(), rejected.code(), "", rejected.detail()));
        }
        if (outcome instanceof Outcome.Later later) {
            return state.status() == Status.AMBIGUOUS // nothing was sent: only the look failed
                    ? Optional.empty()
                    : Optional.of(receipt(state, Kind.DEFERRED, now, later.status(), later.code(), "", later.detail()));
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            if (state.status() == Status.AMBIGUOUS) {
                return Optional.empty();
            }
            boolean isSafe = isRemembered(state.next().action())
                    || isReading(state.next().action());
            return Optional.of(receipt(
                    state,
                    isSafe ? Kind.DEFERRED : Kind.AMBIGUOUS,
                    now,
                    unknown.status(),
                    unknown.code(),
                    "",
                    unknown.detail()));
        }
        if (outcome instanceof Outcome.Absent absent) {
            return mayBeOnItsWay(state, now)
                    ? Optional.empty()
                    : Optional.of(receipt(state, Kind.ABSENT, now, 0, "", "", absent.detail()));
        }
        return Optional.empty(); // locked: nothing is known about this delivery
    }

    /** The note that comes before the first attempt. */
    public static Receipt begin(DeliveryState state, Instant now) {
        return receipt(state, Kind.SENDING, now, 0, "", "", "");
    }

    /** The note that a step is in doubt. */
    public static Receipt doubt(DeliveryState state, Instant now) {
        String why = state.serverErrors() >= SERVER_ERRORS_MAX
                        && !isNamed(state.next().action())
                ? state.serverErrors() + " errors of the provider may be one stored answer"
                : isRemembered(state.next().action())
                        ? "the first attempt was at " + state.firstAttemptAt()
                                + ": its identity may be forgotten by the provider"
                        : "an attempt was made and its answer is not known";
        return receipt(state, Kind.AMBIGUOUS, now, 0, "", "", why);
    }

    /** The receipt of a delivery that cannot be delivered at all. */
    public static Receipt refuse(DeliveryState state, Instant now) {
        String refusal = state.delivery().refusal();
        return refusal.isEmpty() && isTooOld(state, now)
                ? receipt(
                        state,
                        Kind.FAILED,
                        now,
                        0,
                        TOO_OLD,
                        "",
                        "Stripe takes usage of the last " + TAKEN_FOR.toDays()
                                + " days; ask for it with an item on an invoice, and never with another date")
                : receipt(state, Kind.FAILED, now, 0, "not_deliverable", "", refusal);
    }

    /** The receipt of usage that the provider had taken, and then says it could not use. */
    public static Receipt reported(DeliveryState state, String code, String detail, Instant now) {
        return receipt(state, Kind.FAILED, now, 0, REPORTED + code, "", detail);
    }

    /** Whether a receipt says that of usage, which had been taken for delivered. */
    public static boolean isReported(Receipt receipt) {
        return receipt.kind() == Kind.FAILED && receipt.code().startsWith(REPORTED);
    }

    /** The note that a failed delivery is taken up again: looked for first, and sent under another identity if it is not there. */
    public static Receipt reopen(DeliveryState state, Instant now) {
        return receipt(state, Kind.AMBIGUOUS, now, 0, REOPENED, "", "taken up again");
    }

    /** Whether a receipt is the note that a failed delivery is taken up again. */
    public static boolean isReopening(Receipt receipt) {
        return receipt.kind() == Kind.AMBIGUOUS && receipt.code().equals(REOPENED);
    }

    /** Whether a failed delivery may be taken up again: not one of which nothing can be sent. */
    public static boolean mayReopen(DeliveryState state) {
        return state.status() == Status.FAILED
                && state.delivery().refusal().isEmpty()
                && !state.delivery().steps().isEmpty();
    }

    /** The state behind a receipt. Receipts that were overtaken, as those of a worker that lost its partition, change nothing. */
    public static DeliveryState evolve(DeliveryState state, Receipt receipt) {
        boolean isOvertaken = receipt.step() != state.step()
                || receipt.revision() != state.revision()
                || (state.isOver() && !revives(state, receipt));
        if (isOvertaken) {
            return state;
        }
        Delivery delivery = state.delivery();
        String object = receipt.object().isEmpty() ? state.object() : receipt.object();
        return switch (receipt.kind()) {
            case SENDING ->
                new DeliveryState(
                        delivery,
                        Status.SENT,
                        state.step(),
                        state.revision(),
                        state.attempts(),
                        state.serverErrors(),
                        state.firstAttemptAt() == null ? receipt.at() : state.firstAttemptAt(),
                        object,
                        state.reason());
            case DEFERRED -> {
                boolean keeps =
                        delivery.steps().isEmpty() || isRemembered(state.next().action());
                yield new DeliveryState(
                        delivery,
                        Status.SENT,
                        state.step(),
                        state.revision(),
                        state.attempts() + 1,
                        receipt.status() >= 500 ? state.serverErrors() + 1 : state.serverErrors(),
                        keeps ? state.firstAttemptAt() : null, // surely not done: the next attempt is noted again
                        object,
                        receipt.detail());
            }
            case AMBIGUOUS ->
                new DeliveryState(
                        delivery,
                        Status.AMBIGUOUS,
                        state.step(),
                        state.revision(),
                        state.attempts(),
                        state.serverErrors(),
                        state.firstAttemptAt(),
                        object,
                        receipt.detail());
            case ABSENT -> begun(state, Status.PENDING, state.step(), state.revision() + 1, object, receipt.detail());
            case ACCEPTED -> begun(state, Status.PENDING, state.step() + 1, 0, object, "");
            case DELIVERED -> begun(state, Status.DELIVERED, state.step(), state.revision(), object, "");
            case FAILED ->
                begun(
                        state,
                        Status.FAILED,
                        state.step(),
                        state.revision(),
                        object,
                        receipt.code().isEmpty() ? receipt.detail() : receipt.code() + ": " + receipt.detail());
        };
    }

    /** Whether the provider knows a repeated request by its identity. */
    static boolean isRemembered(Action action) {
        return switch (action) {
            case CREATE_INVOICE, ADD_ITEM, COMPARE, FINALIZE, VOID, METER_EVENT, USAGE_RECORD -> true;
            case PAYMENT_REQUEST, CHARGE -> false;
        };
    }

    /**
     * Whether the body has a name in it by which the provider drops a repetition, whatever key it comes under. Such a step is sent again under that name until
     * the name may be forgotten: that it is not seen there yet proves nothing, since sums of usage are shown late.
     */
    static boolean isNamed(Action action) {
        return action == Action.METER_EVENT;
    }

    /** What is over stays so, except for usage that is reported later, and for what a person wants to be taken up again. */
    private static boolean revives(DeliveryState state, Receipt receipt) {
        return state.status() == Status.DELIVERED ? isReported(receipt) : isReopening(receipt) && mayReopen(state);
    }

    private static boolean isTooOld(DeliveryState state, Instant now) {
        Delivery delivery = state.delivery();
        return !delivery.steps().isEmpty()
                && state.next().action() == Action.METER_EVENT
                && delivery.period().end().isBefore(now.minus(TAKEN_FOR));
    }

    private static boolean mayBeOnItsWay(DeliveryState state, Instant now) {
        Instant first = state.firstAttemptAt();
        return state.next().action() == Action.PAYMENT_REQUEST
                && first != null
                && now.isBefore(first.plus(SETTLED_AFTER));
    }

    private static boolean isReading(Action action) {
        return action == Action.COMPARE;
    }

    private static DeliveryState begun(
            DeliveryState state, Status status, int step, int revision, String object, String reason) {
        return new DeliveryState(state.delivery(), status, step, revision, 0, 0, null, object, reason);
    }

    private static Receipt receipt(
            DeliveryState state, Kind kind, Instant at, int status, String code, String object, String detail) {
        Delivery delivery = state.delivery();
        return new Receipt(
                delivery.tenant(),
                delivery.id(),
                kind,
                state.step(),
                state.revision(),
                at,
                status,
                code,
                object,
                detail);
    }
}

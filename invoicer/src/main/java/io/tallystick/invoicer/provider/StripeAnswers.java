package io.tallystick.invoicer.provider;

import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import io.tallystick.schemas.event.Delivery.Action;

/** What Stripe's answers mean. */
final class StripeAnswers {

    private StripeAnswers() {}

    static Outcome outcome(Action action, Reply reply) {
        if (reply.isSuccess()) {
            String made = action == Action.CREATE_INVOICE ? reply.text("/id") : "";
            return new Outcome.Done(reply.status(), made, "");
        }
        String code = reply.text("/error/code");
        String message = reply.status() == 0 ? reply.problem() : reply.text("/error/message");
        if (isDuplicate(action, reply, code, message)) {
            return new Outcome.Done(reply.status(), "", "sent before: " + message);
        }
        if (reply.status() == 401 || reply.status() == 403) {
            return new Outcome.Locked(reply.status(), message);
        }
        if (reply.status() == 0 || reply.status() >= 500) {
            return new Outcome.Unknown(reply.status(), code, message, reply.retryAfterMs());
        }
        boolean isPassing = reply.status() == 402 || reply.status() == 409 || reply.status() == 429;
        if (reply.shouldRetry().orElse(isPassing)) {
            return new Outcome.Later(reply.status(), code, message, reply.retryAfterMs());
        }
        return new Outcome.Rejected(reply.status(), code, message);
    }

    // A meter event that is there already is refused, not answered again.
    private static boolean isDuplicate(Action action, Reply reply, String code, String message) {
        return action == Action.METER_EVENT
                && reply.status() == 400
                && (code.equals("duplicate_meter_event") || message.contains("already exists with identifier"));
    }
}

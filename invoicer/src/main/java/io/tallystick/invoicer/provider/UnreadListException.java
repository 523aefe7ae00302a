package io.tallystick.invoicer.provider;

import io.tallystick.invoicer.provider.ProviderHttp.Reply;

/** Says that a provider's list could not be read to its end. */
final class UnreadListException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    UnreadListException(Reply reply) {
        super("the list was answered with " + reply.status());
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}

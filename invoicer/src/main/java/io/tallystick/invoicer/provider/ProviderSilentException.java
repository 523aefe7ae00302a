package io.tallystick.invoicer.provider;

/** Says that a provider did not answer a question, or refused to. */
public final class ProviderSilentException extends Exception {

    private static final long serialVersionUID = 1L;

    ProviderSilentException(String message) {
        super(message);
    }
}

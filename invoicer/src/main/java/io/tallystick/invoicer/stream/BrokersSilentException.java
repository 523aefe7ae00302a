package io.tallystick.invoicer.stream;

/** Says that the brokers did not answer in time: what was asked of them may or may not have been done, and may be asked again. */
public final class BrokersSilentException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokersSilentException(String message, Throwable cause) {
        super(message, cause);
    }
}

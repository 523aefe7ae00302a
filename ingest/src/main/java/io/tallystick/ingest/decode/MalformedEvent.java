package io.tallystick.ingest.decode;

/** The message is no CloudEvent. Never leaves the decoder. */
final class MalformedEvent extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedEvent(String detail) {
        super(detail, null, false, false);
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}

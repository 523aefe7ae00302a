package io.tallystick.ingest.acceptance;

/** A meter cannot read what it needs. Never leaves the package. */
final class UnreadableValue extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableValue(String detail) {
        super(detail, null, false, false);
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}

package io.tallystick.schemas.codec;

/** A value on one of Tallystick's own topics that is not what the topic holds: a bug or foul play, never bad input. */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableRecordException(String message) {
        super(message);
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}

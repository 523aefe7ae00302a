package io.tallystick.invoicer.delivery;

/** What came of asking a provider. */
public sealed interface Outcome {

    /**
     * The step is done, now or earlier.
     *
     * @param object the provider's id of what was made, or ""
     */
    record Done(int status, String object, String detail) implements Outcome {}

    /** It was not done, and may be asked again. */
    record Later(int status, String code, String detail, long retryAfterMs) implements Outcome {}

    /** Whether it was done is not known. */
    record Unknown(int status, String code, String detail, long retryAfterMs) implements Outcome {}

    /** It was not done and never will be. */
    record Rejected(int status, String code, String detail) implements Outcome {}

    /** Looked up, and surely not done. */
    record Absent(String detail) implements Outcome {}

    /** The provider refuses the key: nothing at all can be sent. */
    record Locked(int status, String detail) implements Outcome {}
}

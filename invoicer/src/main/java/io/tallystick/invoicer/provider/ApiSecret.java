package io.tallystick.invoicer.provider;

/** A secret key, which shows itself to nobody who only prints it. */
public final class ApiSecret {

    private final String value;

    public ApiSecret(String value) {
        this.value = value;
    }

    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}

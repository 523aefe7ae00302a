package io.tallystick.schemas.catalog;

import java.math.RoundingMode;
import java.util.Locale;

/** The three roundings of the catalogue. {@code up} is towards +infinity, {@code down} towards -infinity, {@code half_up} half away from zero. */
public enum RoundingDirection {
    UP(RoundingMode.CEILING),
    DOWN(RoundingMode.FLOOR),
    HALF_UP(RoundingMode.HALF_UP);

    private final RoundingMode mode;

    RoundingDirection(RoundingMode mode) {
        this.mode = mode;
    }

    public RoundingMode mode() {
        return mode;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

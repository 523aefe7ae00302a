package io.tallystick.schemas.catalog;

import java.util.Locale;

/** How a meter turns the values of its events into a quantity. */
public enum Aggregation {
    COUNT,
    SUM,
    MIN,
    MAX,
    AVG,
    LATEST,
    UNIQUE_COUNT,
    TIME_WEIGHTED;

    /** As the catalogue writes it: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the quantity of a range is the sum of the quantities of its parts. */
    public boolean isAdditive() {
        return this == COUNT || this == SUM;
    }
}

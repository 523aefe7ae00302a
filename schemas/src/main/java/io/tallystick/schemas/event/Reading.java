package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one meter read from one event. A meter whose {@code where} excludes the event has no reading of it.
 *
 * @param value the number, rounded to the meter's quantum; null for {@code count} and {@code unique_count}
 * @param text the text that {@code unique_count} counts; null for every other aggregation
 */
public record Reading(
        String meter,
        Dimensions dimensions,
        @Nullable BigDecimal value,
        @Nullable String text) {}

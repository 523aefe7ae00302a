package io.tallystick.aggregator.usage;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;

/**
 * The usage of one window and group.
 *
 * @param window as the calendar cuts it, also where the range of the query begins or ends inside it; the value is of the part inside the range
 */
public record UsageRow(Period window, Dimensions group, Fraction value) {}

package io.tallystick.aggregator.usage;

import io.tallystick.schemas.value.Dimensions;

/**
 * A window of a tenant that has just changed.
 *
 * @param hour the UTC hour, counted from the epoch
 */
public record ChangedWindow(String meter, long hour, Dimensions dimensions) {}

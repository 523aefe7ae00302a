package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.WindowState;

/**
 * The total of one tenant, meter, dimension combination and hour, as it stands; it replaces the one before.
 *
 * @param hour the UTC hour, counted from the epoch
 * @param sequence of the last event in the window, in the tenant's order: tells an update from a repeat
 * @param state mergeable with other windows of the meter
 */
public record WindowTotal(
        String tenant, int shard, String meter, Dimensions dimensions, long hour, long sequence, WindowState state)
        implements TotalRecord {}

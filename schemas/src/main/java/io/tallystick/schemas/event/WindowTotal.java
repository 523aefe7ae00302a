package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.WindowState;

/**
 * The total of one tenant, meter, dimension combination and hour, as it stands; it replaces the one before with the same part.
 *
 * @param hour the UTC hour, counted from the epoch
 * @param part 0, save in windows that keep every value and would outgrow a record: those go on in parts 1, 2, …, and the window is all its parts merged
 * @param sequence of the last event in this part of the window, in the tenant's order: tells an update from a repeat
 * @param state mergeable with other windows of the meter
 */
public record WindowTotal(
        String tenant,
        int shard,
        String meter,
        Dimensions dimensions,
        long hour,
        int part,
        long sequence,
        WindowState state)
        implements TotalRecord {}

package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;

/**
 * What a meter counted of one dimension combination in one hour, as it stands, for a subscription whose payment provider does the rating itself. It replaces
 * the one before.
 *
 * @param hour the UTC hour, counted from the epoch
 * @param quantity in the meter's own unit: nothing is converted
 */
public record MeteredHour(
        String tenant,
        int shard,
        String subscription,
        String meter,
        Dimensions dimensions,
        long hour,
        BigDecimal quantity)
        implements ChargeRecord {}

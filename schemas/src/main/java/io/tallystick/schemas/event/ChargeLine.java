package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;

/**
 * One line of an open billing period as it stands; it replaces the one before with the same {@code line}.
 *
 * @param period the billing period whose invoice the line will be on
 * @param revision of the catalogue that rated it
 */
public record ChargeLine(
        String tenant, int shard, String subscription, Period period, int revision, String currency, LineItem line)
        implements ChargeRecord {}

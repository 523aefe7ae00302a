package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;

/** What an open period would cost under a shadow version, as it stands. */
public record ShadowCharge(
        String tenant, int shard, String subscription, Period period, int revision, String currency, Shadow shadow)
        implements ChargeRecord {}

package io.tallystick.schemas.event;

/** A record of {@code billing.charges}: a line of an open period, a shadow of it, an hour's usage, or a control passed on. */
public sealed interface ChargeRecord permits ChargeLine, ShadowCharge, MeteredHour, Control {

    String tenant();
}

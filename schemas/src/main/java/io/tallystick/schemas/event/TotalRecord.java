package io.tallystick.schemas.event;

/** A record of {@code usage.totals}: the total of one window, or a control passed on. */
public sealed interface TotalRecord permits WindowTotal, Control {

    String tenant();
}

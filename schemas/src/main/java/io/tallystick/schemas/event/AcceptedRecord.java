package io.tallystick.schemas.event;

/**
 * A record of {@code usage.accepted}: a usage event, what was found out about one later, that one counts no more, or a control that takes effect at its
 * place among them.
 */
public sealed interface AcceptedRecord permits AcceptedEvent, ReadingBackfilled, EventVoided, Control {

    /** The tenant whose log this is; "" for what concerns a whole partition. */
    String tenant();

    /** Reserved for tenants too hot for one partition: 0 for now. */
    int shard();

    /** Counts up from 1 without a gap, per tenant and shard, over events and controls alike. */
    long sequence();
}

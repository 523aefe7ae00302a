package io.tallystick.schemas.event;

/**
 * A record that travels in band, behind the usage it follows, from {@code usage.accepted} through every stage.
 * A stage that meets one first emits what it still holds for that tenant, then passes the control on.
 */
public sealed interface Control extends AcceptedRecord, TotalRecord, ChargeRecord
        permits RevisionInForce, SubscriptionSet, CreditSet, PeriodClosed, InvoiceCommand {

    @Override
    String tenant();
}

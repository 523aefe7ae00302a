package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.event.TotalRecord;
import java.util.List;

/** What stands on each of Tallystick's own topics. A record type is added here and nowhere else. */
public final class TopicCodecs {

    /** {@code usage.accepted}. */
    public static final RecordCodec<AcceptedRecord> ACCEPTED = new RecordCodec<>(List.of(
            new AcceptedEventCodec(),
            new ReadingBackfilledCodec(),
            new EventVoidedCodec(),
            new RevisionInForceCodec(),
            new SubscriptionSetCodec(),
            new CreditSetCodec(),
            new PeriodClosedCodec(),
            new InvoiceCommandCodec()));

    /** {@code usage.totals}. */
    public static final RecordCodec<TotalRecord> TOTALS = new RecordCodec<>(List.of(
            new WindowTotalCodec(),
            new RevisionInForceCodec(),
            new SubscriptionSetCodec(),
            new CreditSetCodec(),
            new PeriodClosedCodec(),
            new InvoiceCommandCodec()));

    /** {@code billing.charges}. */
    public static final RecordCodec<ChargeRecord> CHARGES = new RecordCodec<>(List.of(
            new ChargeLineCodec(),
            new ShadowChargeCodec(),
            new MeteredHourCodec(),
            new RevisionInForceCodec(),
            new SubscriptionSetCodec(),
            new PeriodClosedCodec(),
            new InvoiceCommandCodec()));

    /** {@code billing.requests}. */
    public static final RecordCodec<BillingRequest> REQUESTS = new RecordCodec<>(List.of(
            new RevisionRequestedCodec(),
            new SubscriptionRequestedCodec(),
            new CreditRequestedCodec(),
            new CloseRequestedCodec(),
            new CloseReleasedCodec(),
            new DeadLettersRedrivenCodec(),
            new InvoiceCommandRequestedCodec(),
            new ReadingsBackfilledCodec(),
            new EventVoidRequestedCodec()));

    /** {@code billing.invoices}. */
    public static final RecordCodec<Invoice> INVOICES = new RecordCodec<>(List.of(new InvoiceCodec()));

    /** {@code billing.line_items}. */
    public static final RecordCodec<InvoiceLine> LINE_ITEMS = new RecordCodec<>(List.of(new InvoiceLineCodec()));

    /** {@code billing.deliveries}. */
    public static final RecordCodec<Delivery> DELIVERIES = new RecordCodec<>(List.of(new DeliveryCodec()));

    /** {@code billing.receipts}. */
    public static final RecordCodec<ReceiptRecord> RECEIPTS =
            new RecordCodec<>(List.of(new ReceiptCodec(), new ProviderEventCodec()));

    /** {@code billing.alerts}. */
    public static final RecordCodec<Alert> ALERTS = new RecordCodec<>(List.of(
            new AlertCodec("Alert"), new AlertCodec("Alert-3"), new AlertCodec("Alert-2"), new EarlierAlertCodec()));

    /** {@code billing.catalog}. */
    public static final RecordCodec<CatalogRecord> CATALOG =
            new RecordCodec<>(List.of(new CatalogObjectCodec(), new RevisionPublishedCodec()));

    private TopicCodecs() {}
}

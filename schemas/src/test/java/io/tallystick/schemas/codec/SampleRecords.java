package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.ProviderEvent;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.EventValues;
import io.tallystick.schemas.value.EventValues.EventValue;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Latest;
import io.tallystick.schemas.value.LevelChanges;
import io.tallystick.schemas.value.LevelChanges.LevelChange;
import io.tallystick.schemas.value.LevelReadings;
import io.tallystick.schemas.value.LevelReadings.LevelReading;
import io.tallystick.schemas.value.MinMax;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.UniqueValues;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** One sample of each record type, with every field filled and odd values where they hurt: what the golden files hold. */
final class SampleRecords {

    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    private SampleRecords() {}

    static List<CatalogRecord> catalog() {
        return List.of(
                new CatalogRecord.CatalogObject("sha256:00ff", "{\"meter\":\"jobs ✓\"}"),
                new CatalogRecord.RevisionPublished(Integer.MAX_VALUE, "{\"number\":2147483647}"));
    }

    static List<Alert> alerts() {
        return List.of(
                new Alert(
                        "acme ✓",
                        Alert.Kind.LATE_USAGE,
                        "acme-main",
                        APRIL,
                        "tokens",
                        Dimensions.of(Map.of("model", "gpt-4o")),
                        Instant.parse("2026-05-02T10:00:00.123Z"),
                        null,
                        new BigDecimal("-0.05"),
                        new BigDecimal("12345678901234567890.123456789012"),
                        "late ✓"),
                new Alert(
                        "acme",
                        Alert.Kind.LIMIT_REACHED,
                        "acme-main",
                        APRIL,
                        null,
                        Dimensions.NONE,
                        Instant.EPOCH,
                        "USD",
                        new BigDecimal("100.00"),
                        new BigDecimal("100.01"),
                        "",
                        new Alert.ReachedLimit(Alert.Span.DAY, BigDecimal.ONE, true, "small-model")),
                new Alert(
                        "acme",
                        Alert.Kind.DELIVERY_FAILED,
                        "acme-main",
                        APRIL,
                        "tokens",
                        Dimensions.NONE,
                        Instant.EPOCH,
                        null,
                        BigDecimal.ZERO,
                        new BigDecimal("7.5"),
                        "no_meter"),
                new Alert(
                        "",
                        Alert.Kind.COST_DRIFT,
                        "",
                        APRIL,
                        "tokens",
                        Dimensions.of(Map.of("model", "gpt-4o")),
                        Instant.EPOCH,
                        null,
                        new BigDecimal("50"),
                        new BigDecimal("43"),
                        "14 % less"));
    }

    static List<AcceptedRecord> accepted() {
        return List.of(
                new AcceptedEvent(
                        "acme ✓",
                        0,
                        981,
                        new Place(3, 12_345_678_901L),
                        new Identity(0x0123456789ABCDEFL, -1L),
                        Long.MIN_VALUE,
                        7,
                        Instant.parse("2026-04-15T10:30:00.123Z").toEpochMilli(),
                        Instant.parse("2026-04-15T10:30:01.456Z").toEpochMilli(),
                        List.of(
                                new Reading(
                                        "worker_seconds",
                                        Dimensions.of(Map.of("model", "gpt-4o", "region", "")),
                                        new BigDecimal("-123456789012345678901234567890.000000000001"),
                                        null),
                                new Reading("users", Dimensions.NONE, null, "ann"),
                                new Reading("requests", Dimensions.NONE, null, null))),
                new RevisionInForce(0, 4, 11, 8, "sha256:00ff"),
                new SubscriptionSet("acme", 0, 1, 8, "acme-main", "{\"plan\":\"growth\"}"),
                new PeriodClosed("acme", 0, 982, 8, "acme-main", APRIL, 1, null, null),
                new PeriodClosed(
                        "acme",
                        0,
                        982,
                        8,
                        "acme-main",
                        APRIL,
                        2,
                        new Cut("AAAAAAAAAAAAAAAAAAAAAQ", 3, 77, 982),
                        new Coverage(12, -5)),
                new InvoiceCommand(
                        "acme", 0, 983, 8, "acme-main-2026-04-01", InvoiceCommand.Action.VOID, "wrong customer"),
                new ReadingBackfilled(
                        "acme ✓", 0, 984, 981, new Place(3, 12_345_678_901L), 8, 1_775_000_000_123L, backfilled()),
                new CreditSet("acme", 0, 984, 9, "welcome", "{\"amount\":\"50.00\"}"),
                new EventVoided(
                        "acme ✓",
                        0,
                        985,
                        981,
                        new Place(3, 12_345_678_901L),
                        new Identity(0x0123456789ABCDEFL, -1L),
                        7,
                        1_775_000_000_123L,
                        List.of(backfilled(), new Reading("users", Dimensions.NONE, null, "ä")),
                        "sent twice",
                        1_775_000_100_000L));
    }

    static List<BillingRequest> requests() {
        return List.of(
                new BillingRequest.RevisionRequested(5, 8, "sha256:00ff"),
                new BillingRequest.SubscriptionRequested("acme", 8, "acme-main", "{}"),
                new BillingRequest.CloseRequested(
                        "acme", "acme-main", APRIL, 1, List.of(0L, 1L << 40), 1_775_000_000_000L),
                new BillingRequest.CloseReleased("acme", "acme-main", APRIL, 1),
                new BillingRequest.DeadLettersRedriven(5, 1L << 40, 8),
                new BillingRequest.InvoiceCommandRequested(
                        "acme", "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE, ""),
                new BillingRequest.InvoiceCommandRequested(
                        "acme", "acme-main-2026-04-01", InvoiceCommand.Action.UNCOLLECTIBLE, "no answer"),
                new BillingRequest.ReadingsBackfilled(
                        5, "users", 7, 8, Long.MIN_VALUE, Long.MAX_VALUE, 0, 1L << 40, true, List.of()),
                new BillingRequest.ReadingsBackfilled(
                        5,
                        "worker_seconds",
                        7,
                        8,
                        0,
                        1_775_000_000_000L,
                        17,
                        99,
                        false,
                        List.of(new BillingRequest.MissedReading(
                                98, "acme ✓", 981, new Place(3, 12_345_678_901L), 1_775_000_000_123L, backfilled()))),
                new BillingRequest.CreditRequested("acme", 9, "welcome", "{}"),
                new BillingRequest.EventVoidRequested(
                        "acme ✓",
                        981,
                        new Place(3, 12_345_678_901L),
                        new Identity(0x0123456789ABCDEFL, -1L),
                        7,
                        1_775_000_000_123L,
                        List.of(backfilled()),
                        984,
                        "",
                        1_775_000_100_000L));
    }

    private static Reading backfilled() {
        return new Reading(
                "worker_seconds",
                Dimensions.of(Map.of("model", "gpt-4o", "region", "")),
                new BigDecimal("-123456789012345678901234567890.000000000001"),
                null);
    }

    /** One window of each kind of state; the last is a second part. */
    static List<TotalRecord> totals() {
        BigDecimal thirtyDigits = new BigDecimal("-123456789012345678.901234567891");
        return List.of(
                total(0, new CountSum(3, thirtyDigits)),
                total(0, new MinMax(2, thirtyDigits, BigDecimal.TEN)),
                total(0, new Latest(2, 1_776_250_800_123L, 980, BigDecimal.ZERO)),
                total(0, new UniqueValues(3, new TreeSet<>(List.of("ann", "", "bø✓")))),
                total(
                        0,
                        new EventValues(List.of(
                                new EventValue(1_776_250_800_123L, 980, BigDecimal.ONE),
                                new EventValue(1_776_250_800_123L, 981, thirtyDigits)))),
                total(
                        0,
                        new LevelReadings(
                                3,
                                List.of(
                                        new LevelReading(-1, 980, BigDecimal.ONE),
                                        new LevelReading(1_776_250_800_123L, 981, thirtyDigits)))),
                total(0, new LevelChanges(2, List.of(new LevelChange(1_776_250_800_123L, thirtyDigits)))),
                total(3, new CountSum(0, BigDecimal.ZERO)));
    }

    private static WindowTotal total(int part, WindowState state) {
        Dimensions dimensions = Dimensions.of(Map.of("model", "gpt-4o", "region", ""));
        return new WindowTotal("acme ✓", 0, "worker_seconds", dimensions, 493_403, part, 981, state);
    }

    static List<ChargeRecord> charges() {
        return List.of(
                new ChargeLine("acme", 0, "acme-main", APRIL, 8, "USD", fullLine()),
                new ChargeLine("acme", 0, "acme-main", APRIL, 8, "USD", bareLine()),
                new ShadowCharge(
                        "acme",
                        0,
                        "acme-main",
                        APRIL,
                        8,
                        "USD",
                        new Shadow("v1_request", new BigDecimal("1189.00"), new BigDecimal("181.00"), "April: …")),
                new MeteredHour(
                        "acme ✓",
                        0,
                        "acme-main",
                        "tokens",
                        Dimensions.of(Map.of("model", "ü")),
                        493_000,
                        new BigDecimal("-0.000000000001")));
    }

    static List<Delivery> deliveries() {
        List<Delivery.Step> steps = new ArrayList<>();
        for (Delivery.Action action : Delivery.Action.values()) {
            steps.add(new Delivery.Step(action, "/v1/" + Delivery.OBJECT, "a=ü&b[c]=1", "inv:" + action));
        }
        return List.of(
                new Delivery(
                        "inv:acme-main-2026-04-01",
                        "acme ✓",
                        "acme-main",
                        "stripe",
                        "invoice",
                        "cus_123",
                        "",
                        "acme-main-2026-04-01",
                        APRIL,
                        "USD",
                        new BigDecimal("-100800"),
                        steps,
                        "",
                        ""),
                new Delivery(
                        "mev-1",
                        "acme ✓",
                        "acme-main",
                        "stripe",
                        "meter_events",
                        "cus_123",
                        "tokens",
                        "",
                        APRIL,
                        "",
                        new BigDecimal("0.000000000001"),
                        List.of(),
                        "inv:x",
                        "no"));
    }

    static List<ReceiptRecord> receipts() {
        List<ReceiptRecord> records = new ArrayList<>();
        for (Receipt.Kind kind : Receipt.Kind.values()) {
            records.add(
                    new Receipt("acme ✓", "inv:1", kind, 2, 1, APRIL.end(), 429, "lock_timeout", "in_1", "try again"));
        }
        records.add(new ProviderEvent(
                "", "stripe", "evt_1", "invoice.paid", "in_1", "paid", APRIL.end(), "{\"id\":\"evt_1\"}"));
        return records;
    }

    static List<Invoice> invoices() {
        Shadow shadow = new Shadow("v1_request", new BigDecimal("1189.00"), new BigDecimal("690.05"), "April: …");
        Invoice draft = new Invoice(
                "acme-main-2026-04-01",
                "INV-2026-04-acme ✓-1",
                "acme ✓",
                0,
                "acme-main",
                APRIL,
                LocalDate.of(2026, 4, 1),
                1,
                "USD",
                InvoiceStatus.DRAFT,
                List.of(bareLine(), fullLine()),
                new BigDecimal("498.95"),
                List.of(shadow),
                "sha256:00ff",
                8,
                "sha256:0a0b",
                List.of(new Cut("AAAAAAAAAAAAAAAAAAAAAQ", 3, 1L << 40, 982)),
                982,
                "");
        Invoice drafted = draft.after(new InvoiceChange(InvoiceStatus.DRAFT, APRIL.end(), 982, ""));
        return List.of(
                draft,
                drafted.after(new InvoiceChange(InvoiceStatus.VOID, APRIL.end().plusMillis(1), 990, "wrong customer")));
    }

    static List<InvoiceLine> lineItems() {
        return List.of(new InvoiceLine(
                "acme ✓",
                0,
                "acme-main-2026-04-01",
                "INV-2026-04-acme ✓-1",
                "acme-main",
                APRIL,
                "USD",
                2,
                2,
                fullLine()));
    }

    private static LineItem fullLine() {
        return new LineItem(
                "usage/tokens",
                LineItem.Kind.ADJUSTMENT,
                "tokens",
                "tokens",
                "Tokens",
                Dimensions.of(Map.of("model", "gpt-4o")),
                new BigDecimal("25000"),
                new BigDecimal("0.025"),
                new BigDecimal("0"),
                new BigDecimal("0.025"),
                new BigDecimal("1.80"),
                new BigDecimal("-0.05"),
                Fraction.of(-1, 21),
                "v2_compute",
                APRIL,
                List.of(new LineItem.TierSlice(
                        null,
                        new BigDecimal("0.025"),
                        new BigDecimal("1.80"),
                        null,
                        BigDecimal.ZERO,
                        new BigDecimal("0.045"))),
                new LineItem.Adjusts(APRIL, "usage/tokens", "v1_request"));
    }

    private static LineItem bareLine() {
        return new LineItem(
                "fee/platform",
                LineItem.Kind.FEE,
                "platform",
                null,
                "",
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal("499.00"),
                Fraction.of(499),
                "v2_compute",
                APRIL,
                List.of(),
                null);
    }
}

package io.tallystick.invoicer.invoice;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.BillingCycle;
import io.tallystick.schemas.catalog.Subscription.Every;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.LineItem.Kind;
import io.tallystick.schemas.event.LineItem.TierSlice;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values that the invoicer's tests share. */
public final class TestingInvoices {

    public static final Instant APRIL_START = Instant.parse("2026-04-01T00:00:00Z");
    public static final Period APRIL = new Period(APRIL_START, Instant.parse("2026-05-01T00:00:00Z"));
    public static final Period MAY = new Period(APRIL.end(), Instant.parse("2026-06-01T00:00:00Z"));

    private TestingInvoices() {}

    public static Subscription subscription(String tenant, String name) {
        return subscription(tenant, name, LateUsage.NEXT_INVOICE);
    }

    public static Subscription subscription(String tenant, String name, LateUsage lateUsage) {
        return subscription(tenant, name, lateUsage, null);
    }

    public static Subscription subscription(
            String tenant, String name, LateUsage lateUsage, Subscription.Provider provider) {
        return new Subscription(
                tenant,
                name,
                "growth",
                APRIL_START,
                null,
                new BillingCycle(Every.P1M, APRIL_START, ZoneId.of("UTC")),
                null,
                List.of(),
                lateUsage,
                null,
                provider);
    }

    public static CatalogRevision revision(Subscription... subscriptions) {
        TreeMap<String, Subscription> byName = new TreeMap<>();
        for (Subscription subscription : subscriptions) {
            byName.put(subscription.subscription(), subscription);
        }
        PricingVersion version = new PricingVersion(
                "v2_compute", "", APRIL_START, "USD", List.of(new Plan("growth", "", null, List.of())));
        return new CatalogRevision(
                7,
                "sha256:" + "7".repeat(64),
                new Catalog(
                        Catalog.Settings.DEFAULT,
                        new TreeMap<>(),
                        new TreeMap<>(Map.of("v2_compute", version)),
                        byName));
    }

    public static PeriodClosed closed(String tenant, String subscription, Period period, long sequence) {
        return new PeriodClosed(
                tenant,
                0,
                sequence,
                7,
                subscription,
                period,
                1,
                new Cut("log-id", 3, 1000 + sequence, sequence),
                Coverage.EMPTY);
    }

    public static LineItem fee(String amount) {
        return new LineItem(
                "fee/platform_fee",
                Kind.FEE,
                "platform_fee",
                null,
                "Platform fee",
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal(amount),
                Fraction.of(new BigDecimal(amount)),
                "v2_compute",
                APRIL,
                List.of(),
                null);
    }

    public static LineItem usage(String charge, String model, String quantity, String unitPrice, String amount) {
        BigDecimal units = new BigDecimal(quantity);
        return new LineItem(
                "usage/" + charge + "/" + model,
                Kind.USAGE,
                charge,
                "worker_seconds",
                charge + " of " + model,
                Dimensions.of(Map.of("model", model)),
                units,
                units,
                BigDecimal.ZERO,
                units,
                new BigDecimal(unitPrice),
                new BigDecimal(amount),
                Fraction.of(units).times(new BigDecimal(unitPrice)),
                "v2_compute",
                APRIL,
                List.of(new TierSlice(
                        null,
                        units,
                        new BigDecimal(unitPrice),
                        null,
                        BigDecimal.ZERO,
                        units.multiply(new BigDecimal(unitPrice)))),
                null);
    }

    /** A line that corrects one of April. */
    public static LineItem adjustment(String line, String amount) {
        return new LineItem(
                "adjustment/2026-04-01T00:00:00Z/" + line,
                Kind.ADJUSTMENT,
                "compute",
                "worker_seconds",
                "Late usage",
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal(amount),
                Fraction.of(new BigDecimal(amount)),
                "v2_compute",
                APRIL,
                List.of(),
                new LineItem.Adjusts(APRIL, line, "v2_compute"));
    }

    /** The draft of a close that makes nothing else, numbered as the tenant's first. */
    public static Invoice draft(
            PeriodClosed closed, Subscription subscription, List<LineItem> lines, List<Shadow> shadows) {
        List<Invoice> drafts =
                InvoiceDrafting.drafts(closed, subscription, lines, shadows, revision(subscription), 0, id -> false);
        if (drafts.size() != 1) {
            throw new AssertionError("one draft, not " + drafts);
        }
        return drafts.get(0);
    }

    public static Shadow shadow(String version, String total, String difference) {
        return new Shadow(version, new BigDecimal(total), new BigDecimal(difference), "under " + version);
    }
}

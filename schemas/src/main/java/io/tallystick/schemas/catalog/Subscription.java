package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's agreement to a plan.
 *
 * @param subscription unique name
 * @param start from when it is billed
 * @param end until when, or null
 * @param pricingVersion a pin, or null for the version in force at each instant
 * @param shadow versions rated side by side, never charged
 * @param limits spending limits, or null
 * @param provider where invoices are sent, or null
 */
public record Subscription(
        String tenant,
        String subscription,
        String plan,
        Instant start,
        @Nullable Instant end,
        BillingCycle period,
        @Nullable String pricingVersion,
        List<String> shadow,
        LateUsage lateUsage,
        @Nullable Limits limits,
        @Nullable Provider provider) {

    /** How long periods are and where they begin. Boundaries are local times of {@code timezone}, counted from {@code anchor}. */
    public record BillingCycle(Every every, Instant anchor, ZoneId timezone) {}

    public enum Every {
        P1D,
        P1W,
        P1M,
        P3M,
        P1Y
    }

    public enum LateUsage {
        NEXT_INVOICE,
        CREDIT_NOTE,
        REPORT_ONLY;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Amounts in the plan's currency; {@code alertAt} are shares of them. */
    public record Limits(
            @Nullable BigDecimal period,
            @Nullable BigDecimal day,
            List<BigDecimal> alertAt,
            boolean block,
            @Nullable String fallback) {
        public Limits {
            alertAt = List.copyOf(alertAt);
        }
    }

    public record Provider(String name, String mode, String customer) {}

    public Subscription {
        shadow = List.copyOf(shadow);
    }
}

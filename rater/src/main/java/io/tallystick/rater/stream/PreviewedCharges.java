package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one open period of a subscription costs now, and what its usage so far would cost under a changed catalogue.
 *
 * @param subscription as the changed catalogue has it
 * @param version the version that the whole period is rated under, or null for those in force at each instant
 * @param now the invoice's lines as they stand, with corrections and payments; null where the subscription is new
 * @param then the same under the changed catalogue
 */
public record PreviewedCharges(
        Subscription subscription,
        Period period,
        String currency,
        Basis basis,
        @Nullable String version,
        @Nullable List<LineItem> now,
        List<LineItem> then) {

    public PreviewedCharges {
        now = now == null ? null : List.copyOf(now);
        then = List.copyOf(then);
    }

    /** What the second figure is. */
    public enum Basis {
        /** What a close at this instant would bill. */
        AS_BILLED,
        /** What the subscription would bill, which does not exist yet. */
        NEW_SUBSCRIPTION,
        /** What would be billed if a version or a subscription of the future had held for the whole of the current period. */
        WHOLE_PERIOD;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Null where the subscription is new. */
    public @Nullable BigDecimal totalNow() {
        return now == null ? null : total(now);
    }

    public BigDecimal totalThen() {
        return total(then);
    }

    private static BigDecimal total(List<LineItem> lines) {
        return lines.stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}

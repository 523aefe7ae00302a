package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that a person should look at; a record of {@code billing.alerts}. It changes nothing by itself.
 *
 * @param tenant "" where all tenants together are meant
 * @param subscription "" where no single subscription is meant
 * @param period the billing period it is about, or the hour or day
 * @param meter null where no single meter is meant
 * @param at the time of the record that brought it about
 * @param currency of the amounts, null where they are quantities
 * @param before what stood before, or the limit
 * @param after what stands now
 * @param message for people
 * @param limit null where it is not about a spending limit
 */
public record Alert(
        String tenant,
        Kind kind,
        String subscription,
        Period period,
        @Nullable String meter,
        Dimensions dimensions,
        Instant at,
        @Nullable String currency,
        BigDecimal before,
        BigDecimal after,
        String message,
        @Nullable ReachedLimit limit) {

    /** One that is not about a spending limit. */
    public Alert(
            String tenant,
            Kind kind,
            String subscription,
            Period period,
            @Nullable String meter,
            Dimensions dimensions,
            Instant at,
            @Nullable String currency,
            BigDecimal before,
            BigDecimal after,
            String message) {
        this(tenant, kind, subscription, period, meter, dimensions, at, currency, before, after, message, null);
    }

    /**
     * A share of a spending limit that usage has come to.
     *
     * @param share 1 for the limit itself
     * @param blocked whether more is refused from now on
     * @param fallback what is to be used instead while it is, or null
     */
    public record ReachedLimit(
            Span span,
            BigDecimal share,
            boolean blocked,
            @Nullable String fallback) {}

    /** What a spending limit is for. */
    public enum Span {
        PERIOD,
        DAY;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What an alert is about. */
    public enum Kind {
        /** Usage arrived for a period that is closed: it is in the totals and not on the invoice. */
        LATE_USAGE,
        /** Usage that no row of a charge's matrix takes. */
        UNRATED_USAGE,
        /** A share of a spending limit is reached. */
        LIMIT_REACHED,
        /** A meter had more dimension combinations in one hour than are kept apart: the rest was added up under an overflow value. */
        DIMENSIONS_OVERFLOW,
        /** What a payment provider should have taken and did not: nobody bills it until a person has seen to it. */
        DELIVERY_FAILED,
        /** What was metered in one day is further from a supplier's own figures than agreed. */
        COST_DRIFT,
        /** A supplier's figures for a day could not be compared: they have not come, or cannot be read. */
        COST_UNCHECKED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

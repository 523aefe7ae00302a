package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Subscription.Limits;
import io.tallystick.schemas.event.Alert.Span;
import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a subscription's spending limits say about what it has spent. */
public final class SpendingLimits {

    /**
     * A share of a limit that has been spent, or more.
     *
     * @param share 1 for the limit itself
     */
    public record Reached(Span span, BigDecimal share, BigDecimal limit, BigDecimal spent) {

        /** Names the alert within its billing period or day, where it is given once: {@code day/0.8}. */
        public String name() {
            return span.text() + "/" + DecimalText.canonical(share);
        }
    }

    /**
     * Whether more may be spent.
     *
     * @param spent under the limit that leaves least, or in the period when there is no limit
     * @param limit null when there is none
     * @param remaining never below 0; null when there is no limit
     * @param fallback what to use instead; null unless it is not allowed
     */
    public record Access(
            boolean allowed,
            BigDecimal spent,
            @Nullable BigDecimal limit,
            @Nullable BigDecimal remaining,
            @Nullable String fallback) {}

    private final Limits limits;
    private final BigDecimal spentInPeriod;
    private final BigDecimal spentOnDay;

    public SpendingLimits(Limits limits, BigDecimal spentInPeriod, BigDecimal spentOnDay) {
        this.limits = limits;
        this.spentInPeriod = spentInPeriod;
        this.spentOnDay = spentOnDay;
    }

    /** Without limits everything is allowed. */
    public static Access unlimited(BigDecimal spentInPeriod) {
        return new Access(true, spentInPeriod, null, null, null);
    }

    /** Every share of every limit that is reached, the period's first, each span's smallest share first. */
    public List<Reached> reached() {
        List<Reached> reached = new ArrayList<>();
        addReached(Span.PERIOD, limits.period(), spentInPeriod, reached);
        addReached(Span.DAY, limits.day(), spentOnDay, reached);
        return reached;
    }

    /**
     * Whether {@code amount} more may be spent: up to a limit, but no more. A limit that is reached allows nothing, not even an amount of 0. Only blocking
     * limits refuse.
     */
    public Access access(BigDecimal amount) {
        BigDecimal spent = spentInPeriod;
        BigDecimal limit = limits.period();
        BigDecimal day = limits.day();
        if (day != null && (limit == null || remaining(day, spentOnDay).compareTo(remaining(limit, spent)) < 0)) {
            spent = spentOnDay;
            limit = day;
        }
        if (limit == null) {
            return unlimited(spentInPeriod);
        }
        BigDecimal left = remaining(limit, spent);
        boolean enough = left.signum() > 0 && amount.compareTo(left) <= 0;
        boolean allowed = enough || !limits.block();
        return new Access(
                allowed,
                spent,
                limit,
                left.max(BigDecimal.ZERO.setScale(left.scale())),
                allowed ? null : limits.fallback());
    }

    private static BigDecimal remaining(BigDecimal limit, BigDecimal spent) {
        return limit.subtract(spent);
    }

    private void addReached(Span span, @Nullable BigDecimal limit, BigDecimal spent, List<Reached> reached) {
        if (limit != null) {
            limits.alertAt().stream()
                    .sorted()
                    .filter(share -> spent.compareTo(limit.multiply(share)) >= 0)
                    .forEach(share -> reached.add(new Reached(span, share, limit, spent)));
        }
    }
}

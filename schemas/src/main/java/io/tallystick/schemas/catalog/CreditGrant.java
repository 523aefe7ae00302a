package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An amount that a tenant has paid, or been given, in advance: it pays invoices until it is used up or expires.
 *
 * @param credit unique name
 * @param currency of the amount, and of the invoices it pays
 * @param priority of several grants the one with the lowest is used first
 * @param effectiveFrom from when on it pays
 * @param expiresAt when it no longer does, or null
 * @param subscriptions whose invoices it pays; empty for all of the tenant's
 */
public record CreditGrant(
        String credit,
        String tenant,
        String description,
        BigDecimal amount,
        String currency,
        int priority,
        Instant effectiveFrom,
        @Nullable Instant expiresAt,
        List<String> subscriptions) {

    public CreditGrant {
        subscriptions = List.copyOf(subscriptions);
    }

    /** Whether it pays the invoice of a billing period: it is in effect at the period's last moment. */
    public boolean pays(String subscription, Period period, String invoiceCurrency) {
        return currency.equals(invoiceCurrency)
                && (subscriptions.isEmpty() || subscriptions.contains(subscription))
                && effectiveFrom.isBefore(period.end())
                && (expiresAt == null || !expiresAt.isBefore(period.end()));
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to the rating core without a subscription: what would this usage cost under this charge, in one whole period?
 *
 * @param currency ISO 4217
 * @param quantity what the meter says, or null
 * @param events the value of each event in order, or null; exactly one of the two, save for a flat charge, which needs neither
 */
public record PriceRequest(
        Charge charge,
        String currency,
        @Nullable BigDecimal quantity,
        @Nullable List<BigDecimal> events) {

    public PriceRequest {
        events = events == null ? null : List.copyOf(events);
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;

/**
 * What one billing period of a subscription costs.
 *
 * @param currency ISO 4217
 * @param lines in the order of an invoice
 * @param total the sum of the lines, at the currency's scale
 */
public record RatedPeriod(Period period, String currency, List<LineItem> lines, BigDecimal total) {

    public RatedPeriod {
        lines = List.copyOf(lines);
    }
}

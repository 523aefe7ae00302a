package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.UsageCost;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;

/**
 * What one open period of a subscription costs as it stands: the invoice that a close at this instant would give.
 *
 * @param lines in the order of an invoice
 * @param cost what the usage costs us
 * @param projectedTotal what it is going to cost if usage goes on as it has on average so far
 */
public record OpenCharges(
        Subscription subscription,
        Period period,
        String currency,
        List<LineItem> lines,
        BigDecimal total,
        BigDecimal projectedTotal,
        List<Shadow> shadows,
        UsageCost cost) {

    public OpenCharges {
        lines = List.copyOf(lines);
        shadows = List.copyOf(shadows);
    }
}

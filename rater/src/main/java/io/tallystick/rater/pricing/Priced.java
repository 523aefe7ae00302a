package io.tallystick.rater.pricing;

import io.tallystick.schemas.event.LineItem.TierSlice;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a price model makes of a billable quantity: the exact amount and how it came about. */
record Priced(Fraction amount, List<TierSlice> slices) {

    /** One slice for everything. */
    static Priced whole(
            Fraction quantity,
            @Nullable BigDecimal unitPrice,
            @Nullable BigDecimal rate,
            BigDecimal flat,
            Fraction amount) {
        return new Priced(
                amount,
                List.of(new TierSlice(null, quantity.shownDecimal(), unitPrice, rate, flat, amount.shownDecimal())));
    }
}

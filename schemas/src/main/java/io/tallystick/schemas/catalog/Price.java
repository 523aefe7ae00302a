package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Everything that turns a metered quantity into an amount: the model with the conversion before it and the bounds behind it.
 *
 * @param multiplyBy conversion of the metered quantity; 1 when not given
 * @param divideBy conversion of the metered quantity; 1 when not given, never 0
 * @param rounding of the converted quantity, or null
 * @param included units that are free; 0 when not given
 * @param discountPercent 0 when not given
 * @param maximum the amount is never more, or null
 * @param minimum a true-up line makes up the rest, or null
 */
public record Price(
        PriceModel model,
        BigDecimal multiplyBy,
        BigDecimal divideBy,
        @Nullable QuantityRounding rounding,
        BigDecimal included,
        BigDecimal discountPercent,
        @Nullable BigDecimal maximum,
        @Nullable BigDecimal minimum) {

    /** Rounds a quantity to {@code scale} decimals. */
    public record QuantityRounding(RoundingDirection mode, int scale) {}

    /** The model alone, without conversion, allowance or bounds. */
    public static Price of(PriceModel model) {
        return new Price(model, BigDecimal.ONE, BigDecimal.ONE, null, BigDecimal.ZERO, BigDecimal.ZERO, null, null);
    }
}

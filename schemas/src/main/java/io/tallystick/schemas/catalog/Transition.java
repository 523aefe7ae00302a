package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a plan of a new pricing version gives to the subscriptions that it takes over from an older one, for a number of days after it takes effect. */
public record Transition(@Nullable Cap cap, @Nullable Relief credit) {

    /**
     * A period costs at most so much more than it would have under the older version.
     *
     * @param from the older version
     * @param percent above what that one asks
     * @param days from the newer version's date
     */
    public record Cap(String from, BigDecimal percent, int days) {}

    /**
     * An amount that is taken off.
     *
     * @param amount for a whole billing period
     * @param days from the newer version's date
     */
    public record Relief(BigDecimal amount, int days) {}

    /** The so many first days of a version. */
    public static Period first(int days, Instant effectiveFrom) {
        return new Period(effectiveFrom, effectiveFrom.plus(Duration.ofDays(days)));
    }
}

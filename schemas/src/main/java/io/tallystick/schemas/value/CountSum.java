package io.tallystick.schemas.value;

import java.math.BigDecimal;

/** How many events there were and the exact sum of their values (0 for {@code count}): the state of {@code count}, {@code sum} and {@code avg}. */
public record CountSum(long count, BigDecimal sum) implements WindowState {

    public static final CountSum EMPTY = new CountSum(0, BigDecimal.ZERO);

    public CountSum plus(BigDecimal value) {
        return new CountSum(count + 1, sum.add(value));
    }

    @Override
    public WindowState merge(WindowState other) {
        CountSum that = (CountSum) other;
        return new CountSum(count + that.count, sum.add(that.sum));
    }
}

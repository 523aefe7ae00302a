package io.tallystick.schemas.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The smallest and the largest value (both 0 while there is none): the state of {@code min} and {@code max}. */
public record MinMax(long count, BigDecimal min, BigDecimal max) implements WindowState {

    public static final MinMax EMPTY = new MinMax(0, BigDecimal.ZERO, BigDecimal.ZERO);

    public MinMax {
        min = DecimalText.stripped(min);
        max = DecimalText.stripped(max);
    }

    @Override
    public WindowKind kind() {
        return WindowKind.MIN_MAX;
    }

    @Override
    public MinMax merge(WindowState other) {
        MinMax that = (MinMax) other;
        if (count == 0 || that.count == 0) {
            return count == 0 ? that : this;
        }
        return new MinMax(count + that.count, min.min(that.min), max.max(that.max));
    }

    @Override
    public Builder toBuilder() {
        return new Extremes(this);
    }

    private static final class Extremes extends WindowBuilders.OfFixedSize<MinMax> {

        Extremes(MinMax start) {
            super(start);
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            BigDecimal number = WindowBuilders.number(value);
            state = state.merge(new MinMax(1, number, number));
        }
    }
}

package io.tallystick.schemas.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How many events there were and the exact sum of their values (0 for {@code count}): the state of {@code count}, {@code sum} and {@code avg}. */
public record CountSum(long count, BigDecimal sum) implements WindowState {

    public static final CountSum EMPTY = new CountSum(0, BigDecimal.ZERO);

    public CountSum {
        sum = DecimalText.stripped(sum);
    }

    @Override
    public WindowKind kind() {
        return WindowKind.COUNT_SUM;
    }

    @Override
    public WindowState merge(WindowState other) {
        CountSum that = (CountSum) other;
        return new CountSum(count + that.count, sum.add(that.sum));
    }

    /** As if one event of this state had never come. */
    public CountSum without(@Nullable BigDecimal value) {
        if (count == 0) {
            throw new IllegalStateException("no event is left to take back");
        }
        return new CountSum(count - 1, value == null ? sum : sum.subtract(value));
    }

    @Override
    public Builder toBuilder() {
        return new Adder(this);
    }

    /** Two fields rather than a state per event: this is the path of nearly every event. */
    private static final class Adder implements Builder {

        private static final int BYTES = 32;

        private long count;
        private BigDecimal sum;

        Adder(CountSum start) {
            count = start.count;
            sum = start.sum;
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            count++;
            if (value != null) {
                sum = sum.add(value);
            }
        }

        @Override
        public void merge(WindowState other) {
            CountSum that = (CountSum) other;
            count += that.count;
            sum = sum.add(that.sum);
        }

        @Override
        public int bytes() {
            return BYTES;
        }

        @Override
        public WindowState state() {
            return new CountSum(count, sum);
        }
    }
}

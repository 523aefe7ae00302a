package io.tallystick.schemas.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The value of the event with the latest time; of several at one time, the last in the log: the state of {@code latest}.
 *
 * @param time of that event, milliseconds since the epoch; 0 while there is none
 * @param sequence of that event, in the tenant's order
 */
public record Latest(long count, long time, long sequence, BigDecimal value) implements WindowState {

    public static final Latest EMPTY = new Latest(0, 0, 0, BigDecimal.ZERO);

    public Latest {
        value = DecimalText.stripped(value);
    }

    @Override
    public WindowKind kind() {
        return WindowKind.LATEST;
    }

    @Override
    public Latest merge(WindowState other) {
        Latest that = (Latest) other;
        if (count == 0 || that.count == 0) {
            return count == 0 ? that : this;
        }
        Latest last = isAfter(that) ? this : that;
        return new Latest(count + that.count, last.time, last.sequence, last.value);
    }

    private boolean isAfter(Latest that) {
        return time != that.time ? time > that.time : sequence > that.sequence;
    }

    @Override
    public Builder toBuilder() {
        return new Follower(this);
    }

    private static final class Follower extends WindowBuilders.OfFixedSize<Latest> {

        Follower(Latest start) {
            super(start);
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            state = state.merge(new Latest(1, time, sequence, WindowBuilders.number(value)));
        }
    }
}

package io.tallystick.schemas.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the builders of window states share. */
final class WindowBuilders {

    /** What a time, a sequence and the length of a number take when written, in bytes; about. */
    private static final int ENTRY_BYTES = 14;

    private WindowBuilders() {}

    static BigDecimal number(@Nullable BigDecimal value) {
        if (value == null) {
            throw new IllegalArgumentException("a reading without a value");
        }
        return DecimalText.stripped(value);
    }

    static int bytesOf(BigDecimal value) {
        return ENTRY_BYTES + value.unscaledValue().bitLength() / Byte.SIZE;
    }

    /** A builder over a state of fixed size, replaced at each event. */
    abstract static class OfFixedSize<S extends WindowState> implements WindowState.Builder {

        private static final int BYTES = 32;

        S state;

        OfFixedSize(S state) {
            this.state = state;
        }

        @Override
        @SuppressWarnings("unchecked") // merging keeps the kind
        public void merge(WindowState other) {
            state = (S) state.merge(other);
        }

        @Override
        public int bytes() {
            return BYTES;
        }

        @Override
        public WindowState state() {
            return state;
        }
    }
}

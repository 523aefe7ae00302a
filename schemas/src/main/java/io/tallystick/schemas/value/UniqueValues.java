package io.tallystick.schemas.value;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every different text that was seen: the state of {@code unique_count}, exact over any range of windows. */
public record UniqueValues(long count, SortedSet<String> texts) implements WindowState {

    public static final UniqueValues EMPTY = new UniqueValues(0, Collections.emptySortedSet());

    public UniqueValues {
        if (!texts.isEmpty()) {
            texts = Collections.unmodifiableSortedSet(new TreeSet<>(texts));
        }
    }

    @Override
    public WindowKind kind() {
        return WindowKind.UNIQUE_VALUES;
    }

    @Override
    public WindowState merge(WindowState other) {
        Builder both = toBuilder();
        both.merge(other);
        return both.state();
    }

    @Override
    public Builder toBuilder() {
        return new Collector(this);
    }

    private static final class Collector implements Builder {

        private long count;
        private final TreeSet<String> texts = new TreeSet<>();
        private int bytes;

        Collector(UniqueValues start) {
            merge(start);
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            if (text == null) {
                throw new IllegalArgumentException("a reading without a text");
            }
            count++;
            addText(text);
        }

        @Override
        public void merge(WindowState other) {
            UniqueValues that = (UniqueValues) other;
            count += that.count;
            that.texts.forEach(this::addText);
        }

        private void addText(String text) {
            if (texts.add(text)) {
                bytes += text.length() + 2;
            }
        }

        @Override
        public int bytes() {
            return bytes;
        }

        @Override
        public WindowState state() {
            return new UniqueValues(count, texts);
        }
    }
}

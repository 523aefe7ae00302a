package io.tallystick.schemas.value;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By how much a level changed, by time; several changes at one time are one.
 *
 * @param count of all events
 */
public record LevelChanges(long count, List<LevelChange> changes) implements Levels {

    public static final LevelChanges EMPTY = new LevelChanges(0, List.of());

    /**
     * From {@code time} on the level is higher by {@code change}.
     *
     * @param time milliseconds since the epoch
     */
    public record LevelChange(long time, BigDecimal change) {

        public LevelChange {
            change = DecimalText.stripped(change);
        }
    }

    /** @param changes in order of time, one at a time */
    public LevelChanges {
        changes = List.copyOf(changes);
    }

    @Override
    public WindowKind kind() {
        return WindowKind.LEVEL_CHANGES;
    }

    @Override
    public LevelChanges merge(WindowState other) {
        Adder both = new Adder(this);
        both.merge(other);
        return both.state();
    }

    @Override
    public BigDecimal levelAfter(BigDecimal before) {
        BigDecimal level = before;
        for (LevelChange change : changes) {
            level = level.add(change.change);
        }
        return level;
    }

    @Override
    public BigDecimal integral(BigDecimal before, long start, long end) {
        BigDecimal integral = before.multiply(BigDecimal.valueOf(end - start));
        for (LevelChange change : changes) {
            integral = integral.add(change.change.multiply(BigDecimal.valueOf(end - change.time)));
        }
        return integral;
    }

    @Override
    public boolean isLevelSeen(BigDecimal before, long start, long end) {
        BigDecimal level = before;
        long since = start;
        for (LevelChange change : changes) {
            if (level.signum() != 0 && change.time > since) {
                return true;
            }
            level = level.add(change.change);
            since = change.time;
        }
        return level.signum() != 0;
    }

    @Override
    public LevelChanges collapsed() {
        if (changes.size() <= 1) {
            return this;
        }
        long last = changes.get(changes.size() - 1).time;
        return new LevelChanges(count, List.of(new LevelChange(last, levelAfter(BigDecimal.ZERO))));
    }

    @Override
    public Builder toBuilder() {
        return new Adder(this);
    }

    private static final class Adder implements Builder {

        private long count;
        private final TreeMap<Long, BigDecimal> changes = new TreeMap<>();
        private int bytes;

        Adder(LevelChanges start) {
            merge(start);
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            count++;
            change(time, WindowBuilders.number(value));
        }

        @Override
        public void merge(WindowState other) {
            LevelChanges that = (LevelChanges) other;
            count += that.count;
            that.changes.forEach(change -> change(change.time, change.change));
        }

        private void change(long time, BigDecimal change) {
            BigDecimal standing = changes.get(time);
            BigDecimal together = standing == null ? change : DecimalText.stripped(standing.add(change));
            changes.put(time, together);
            bytes += WindowBuilders.bytesOf(together);
            bytes -= standing == null ? 0 : WindowBuilders.bytesOf(standing);
        }

        @Override
        public int bytes() {
            return bytes;
        }

        @Override
        public LevelChanges state() {
            List<LevelChange> ordered = new ArrayList<>(changes.size());
            changes.forEach((time, change) -> ordered.add(new LevelChange(time, change)));
            return new LevelChanges(count, ordered);
        }
    }
}

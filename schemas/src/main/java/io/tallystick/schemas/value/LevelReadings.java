package io.tallystick.schemas.value;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * New levels as they were reported, by time; of several at one time, the last in the log.
 *
 * @param count of all events, also of those that another at the same time replaced
 */
public record LevelReadings(long count, List<LevelReading> readings) implements Levels {

    public static final LevelReadings EMPTY = new LevelReadings(0, List.of());

    /**
     * From {@code time} on the level is {@code level}.
     *
     * @param time milliseconds since the epoch
     * @param sequence of the event, in the tenant's order
     */
    public record LevelReading(long time, long sequence, BigDecimal level) {

        public LevelReading {
            level = DecimalText.stripped(level);
        }
    }

    /** @param readings in order of time, one at a time */
    public LevelReadings {
        readings = List.copyOf(readings);
    }

    @Override
    public WindowKind kind() {
        return WindowKind.LEVEL_READINGS;
    }

    @Override
    public LevelReadings merge(WindowState other) {
        Reader both = new Reader(this);
        both.merge(other);
        return both.state();
    }

    @Override
    public BigDecimal levelAfter(BigDecimal before) {
        return readings.isEmpty() ? before : readings.get(readings.size() - 1).level;
    }

    @Override
    public BigDecimal integral(BigDecimal before, long start, long end) {
        BigDecimal integral = BigDecimal.ZERO;
        BigDecimal level = before;
        long since = start;
        for (LevelReading reading : readings) {
            integral = integral.add(level.multiply(BigDecimal.valueOf(reading.time - since)));
            level = reading.level;
            since = reading.time;
        }
        return integral.add(level.multiply(BigDecimal.valueOf(end - since)));
    }

    @Override
    public boolean isLevelSeen(BigDecimal before, long start, long end) {
        boolean untilFirst = readings.isEmpty() || readings.get(0).time > start;
        if (untilFirst && before.signum() != 0) {
            return true;
        }
        return readings.stream().anyMatch(reading -> reading.level.signum() != 0);
    }

    @Override
    public LevelReadings collapsed() {
        return readings.size() <= 1
                ? this
                : new LevelReadings(count, readings.subList(readings.size() - 1, readings.size()));
    }

    @Override
    public Builder toBuilder() {
        return new Reader(this);
    }

    private static final class Reader implements Builder {

        private long count;
        private final TreeMap<Long, LevelReading> readings = new TreeMap<>();
        private int bytes;

        Reader(LevelReadings start) {
            merge(start);
        }

        @Override
        public void add(@Nullable BigDecimal value, @Nullable String text, long time, long sequence) {
            count++;
            read(new LevelReading(time, sequence, WindowBuilders.number(value)));
        }

        @Override
        public void merge(WindowState other) {
            LevelReadings that = (LevelReadings) other;
            count += that.count;
            that.readings.forEach(this::read);
        }

        private void read(LevelReading reading) {
            LevelReading standing = readings.get(reading.time);
            if (standing != null && standing.sequence > reading.sequence) {
                return;
            }
            readings.put(reading.time, reading);
            bytes += WindowBuilders.bytesOf(reading.level);
            bytes -= standing == null ? 0 : WindowBuilders.bytesOf(standing.level);
        }

        @Override
        public int bytes() {
            return bytes;
        }

        @Override
        public LevelReadings state() {
            List<LevelReading> ordered = new ArrayList<>(readings.size());
            for (Map.Entry<Long, LevelReading> entry : readings.entrySet()) {
                ordered.add(entry.getValue());
            }
            return new LevelReadings(count, ordered);
        }
    }
}

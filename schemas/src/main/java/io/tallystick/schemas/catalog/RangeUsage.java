package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.EventValues;
import io.tallystick.schemas.value.EventValues.EventValue;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Latest;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.MinMax;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.UniqueValues;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The usage of one meter over a range of whole hours, exact: of one dimension combination, or of several that were merged.
 *
 * <p>The order in which windows are taken does not matter. For {@code time_weighted}, levels hold per dimension combination and add up, so the windows
 * of each combination go into a {@link Folding} of their own, and the results are merged.
 */
public final class RangeUsage {

    private final Meter meter;
    private final Period range;
    private final WindowState windows;
    private final BigDecimal integral;
    private final boolean levelSeen;

    private RangeUsage(Meter meter, Period range, WindowState windows, BigDecimal integral, boolean levelSeen) {
        this.meter = meter;
        this.range = range;
        this.windows = windows;
        this.integral = integral;
        this.levelSeen = levelSeen;
    }

    /** Starts from no window at all. */
    public static Folding of(Meter meter, Period range) {
        return new Folding(meter, range);
    }

    /** The windows of one dimension combination, one after the other in any order. */
    public static final class Folding {

        private final Meter meter;
        private final Period range;
        private final WindowState.Builder inside;
        private WindowState.@Nullable Builder before;

        private Folding(Meter meter, Period range) {
            this.meter = meter;
            this.range = range;
            this.inside = meter.windowKind().empty().toBuilder();
        }

        /** A window that ends at or before the range's start. Only {@code time_weighted} needs any: all of them, or what they collapse to. */
        public Folding before(WindowState window) {
            if (window instanceof Levels levels) {
                if (before == null) {
                    before = meter.windowKind().empty().toBuilder();
                }
                before.merge(levels.collapsed());
            }
            return this;
        }

        /** A window, or a part of one, inside the range. */
        public Folding inside(WindowState window) {
            inside.merge(window);
            return this;
        }

        public RangeUsage usage() {
            WindowState windows = inside.state();
            if (!(windows instanceof Levels levels)) {
                return new RangeUsage(meter, range, windows, BigDecimal.ZERO, false);
            }
            BigDecimal carried =
                    before == null ? BigDecimal.ZERO : ((Levels) before.state()).levelAfter(BigDecimal.ZERO);
            long start = range.start().toEpochMilli();
            long end = range.end().toEpochMilli();
            return new RangeUsage(
                    meter,
                    range,
                    levels.collapsed(),
                    levels.integral(carried, start, end),
                    levels.isLevelSeen(carried, start, end));
        }
    }

    public Period range() {
        return range;
    }

    /** Usage of this and another dimension combination together, over the same range. */
    public RangeUsage merge(RangeUsage other) {
        if (!other.range.equals(range) || !other.meter.meter().equals(meter.meter())) {
            throw new IllegalArgumentException("usage of " + other.meter.meter() + " over " + other.range
                    + " does not merge with " + meter.meter() + " over " + range);
        }
        return new RangeUsage(
                meter, range, windows.merge(other.windows), integral.add(other.integral), levelSeen || other.levelSeen);
    }

    /** Whether there is anything to show: an event, or for {@code time_weighted} a level other than 0. */
    public boolean isUsed() {
        return windows.count() > 0 || levelSeen;
    }

    /** For {@code time_weighted}, whether the level was other than 0 at any time in the range. */
    public boolean isLevelSeen() {
        return levelSeen;
    }

    /** How many events there are in the range. */
    public long eventCount() {
        return windows.count();
    }

    /** Each event's value, in order of event time, then place in the log; empty unless the meter keeps them. */
    public List<BigDecimal> events() {
        if (!(windows instanceof EventValues kept)) {
            return List.of();
        }
        List<BigDecimal> values = new ArrayList<>(kept.values().size());
        for (EventValue event : kept.values()) {
            values.add(event.value());
        }
        return values;
    }

    /** The meter's quantity over the range; 0 without usage. */
    public Fraction quantity() {
        return quantity(range);
    }

    /**
     * The meter's quantity over the range.
     *
     * @param whole what the integral of {@code time_weighted} is divided by the length of, also where the range is a part of it
     */
    public Fraction quantity(Period whole) {
        return switch (meter.aggregation()) {
            case COUNT -> Fraction.of(windows.count());
            case SUM -> Fraction.of(sum());
            case AVG ->
                windows.count() == 0 ? Fraction.ZERO : Fraction.of(sum()).dividedBy(Fraction.of(windows.count()));
            case MIN -> Fraction.of(extremes().min());
            case MAX -> Fraction.of(extremes().max());
            case LATEST -> Fraction.of(latest());
            case UNIQUE_COUNT -> Fraction.of(((UniqueValues) windows).texts().size());
            case TIME_WEIGHTED ->
                Fraction.of(integral).dividedBy(Fraction.of(whole.length().toMillis()));
        };
    }

    /** The sum of the values, for the meters that keep it. */
    public BigDecimal sum() {
        if (windows instanceof CountSum countSum) {
            return countSum.sum();
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (EventValue event : ((EventValues) windows).values()) {
            sum = sum.add(event.value());
        }
        return sum;
    }

    private MinMax extremes() {
        if (windows instanceof MinMax minMax) {
            return minMax;
        }
        WindowState.Builder extremes = MinMax.EMPTY.toBuilder();
        for (EventValue event : ((EventValues) windows).values()) {
            extremes.add(event.value(), null, event.time(), event.sequence());
        }
        return (MinMax) extremes.state();
    }

    private BigDecimal latest() {
        if (windows instanceof Latest latest) {
            return latest.value();
        }
        List<EventValue> values = ((EventValues) windows).values();
        return values.isEmpty()
                ? BigDecimal.ZERO
                : values.get(values.size() - 1).value();
    }
}

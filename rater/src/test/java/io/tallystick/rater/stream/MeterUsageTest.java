package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is remembered against folding every window anew. */
class MeterUsageTest {

    private static final long FIRST_HOUR = HourWindow.hourOf(Instant.parse("2026-04-01T00:00:00Z"));
    private static final int HOURS = 8;
    private static final int STEPS = 2000;
    private static final List<Dimensions> MODELS =
            List.of(Dimensions.NONE, Dimensions.of(Map.of("model", "a")), Dimensions.of(Map.of("model", "b")));

    @ParameterizedTest
    @EnumSource(Aggregation.class)
    void isAlwaysWhatFoldingEveryWindowAnewGives(Aggregation aggregation) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Meter meter = meter(aggregation);
        MeterUsage usage = new MeterUsage();
        List<WindowTotal> windows = new ArrayList<>();
        int held = 0;
        for (int step = 0; step < STEPS; step++) {
            WindowTotal next = window(meter, random, step);
            windows.removeIf(window -> window.dimensions().equals(next.dimensions())
                    && window.hour() == next.hour()
                    && window.part() == next.part());
            if (next.state().count() > 0) {
                windows.add(next);
            }
            held += usage.put(next);
            assertThat(held).as("seed %d, step %d", seed, step).isEqualTo(windows.size());
            if (random.nextInt(3) == 0) { // more than one change between two looks
                Period range = range(random);
                assertThat(shown(usage.usage(meter, range), range))
                        .as("seed %d, step %d, %s", seed, step, range)
                        .isEqualTo(shown(foldedAnew(meter, range, windows), range));
            }
        }
    }

    private static Map<Dimensions, RangeUsage> foldedAnew(Meter meter, Period range, List<WindowTotal> windows) {
        Map<Dimensions, RangeUsage> found = new TreeMap<>();
        for (Dimensions dimensions : MODELS) {
            RangeUsage.Folding folding = RangeUsage.of(meter, range);
            for (WindowTotal window : windows) {
                Instant start = HourWindow.startOf(window.hour());
                if (!window.dimensions().equals(dimensions) || !start.isBefore(range.end())) {
                    continue;
                }
                if (!start.isBefore(range.start())) {
                    folding.inside(window.state());
                } else if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
                    folding.before(window.state());
                }
            }
            if (folding.usage().isUsed()) {
                found.put(dimensions, folding.usage());
            }
        }
        return found;
    }

    private static List<String> shown(Map<Dimensions, RangeUsage> usage, Period range) {
        List<String> shown = new ArrayList<>();
        usage.forEach(
                (dimensions, one) -> shown.add(dimensions + " " + one.quantity(range) + " of " + one.eventCount()));
        return shown;
    }

    /** Mostly the newest hours; now and then one that has lost all its events. */
    private static WindowTotal window(Meter meter, Random random, int step) {
        int newest = step * HOURS / STEPS;
        int hour = random.nextInt(4) == 0 ? random.nextInt(HOURS) : newest;
        WindowState.Builder state = meter.windowKind().empty().toBuilder();
        int events = random.nextInt(5);
        long start = HourWindow.startOf(FIRST_HOUR + hour).toEpochMilli();
        boolean isText = meter.aggregation() == Aggregation.UNIQUE_COUNT;
        for (int i = 0; i < events; i++) {
            state.add(
                    isText ? null : new BigDecimal(random.nextInt(1000)).movePointLeft(2),
                    isText ? "user" + random.nextInt(5) : null,
                    start + i,
                    step * 10L + i);
        }
        Dimensions dimensions = MODELS.get(random.nextInt(MODELS.size()));
        return new WindowTotal(
                "acme", 0, meter.meter(), dimensions, FIRST_HOUR + hour, random.nextInt(2), step, state.state());
    }

    /** One of more ranges than are remembered. */
    private static Period range(Random random) {
        int first = random.nextInt(HOURS);
        int end = first + 1 + random.nextInt(HOURS - first);
        return new Period(HourWindow.startOf(FIRST_HOUR + first), HourWindow.startOf(FIRST_HOUR + end));
    }

    private static Meter meter(Aggregation aggregation) {
        return new Meter(
                "m",
                "",
                "t",
                aggregation,
                null,
                new TreeMap<>(),
                new TreeMap<>(),
                "",
                null,
                false,
                aggregation == Aggregation.TIME_WEIGHTED ? Meter.ValueKind.DELTA : Meter.ValueKind.LEVEL,
                null);
    }
}

package io.tallystick.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RangeUsageTest {

    private static final Period AUGUST =
            new Period(Instant.parse("2023-08-01T00:00:00Z"), Instant.parse("2023-09-01T00:00:00Z"));

    private record Use(long second, String value) {}

    @Test
    void twoDeltasGiveTheirPublishedShareOfTheMonth() {
        RangeUsage usage = over(
                AUGUST,
                meter(Aggregation.TIME_WEIGHTED, Meter.ValueKind.DELTA, false),
                List.of(new Use(1_296_000, "20"), new Use(1_382_400, "10")));

        assertThat(AUGUST.length().toSeconds()).isEqualTo(2_678_400);
        assertThat(usage.quantity().rounded(10, RoundingMode.HALF_UP)).isEqualTo(new BigDecimal("15.1612903226"));
        assertThat(usage.quantity().shown()).isEqualTo("15.161290322581");
    }

    @Test
    void sevenDeltasOnTheFirstOfAugustGiveTheirPublishedFigure() {
        RangeUsage usage = over(
                AUGUST,
                meter(Aggregation.TIME_WEIGHTED, Meter.ValueKind.DELTA, false),
                List.of(
                        new Use(0, "2"),
                        new Use(3600, "3"),
                        new Use(5400, "1"),
                        new Use(7200, "-4"),
                        new Use(14_400, "-2"),
                        new Use(18_000, "10"),
                        new Use(19_800, "-10")));

        assertThat(usage.quantity().rounded(5, RoundingMode.HALF_UP)).isEqualTo(new BigDecimal("0.02218"));
        assertThat(usage.quantity()).isEqualTo(Fraction.of(33, 2 * 744));
    }

    @Test
    void theLevelFromBeforeTheRangeCountsInIt() {
        Meter meter = meter(Aggregation.TIME_WEIGHTED, Meter.ValueKind.LEVEL, false);
        WindowState july = window(meter, List.of(new Use(-86_400, "4"), new Use(-3600, "6")));
        WindowState middle = window(meter, List.of(new Use(1_339_200, "0")));

        RangeUsage usage =
                RangeUsage.of(meter, AUGUST).before(july).inside(middle).usage();

        assertThat(usage.quantity()).isEqualTo(Fraction.of(3));
        assertThat(usage.isUsed()).isTrue();
    }

    @Test
    void aPartOfThePeriodIsDividedByTheWholePeriod() {
        Meter meter = meter(Aggregation.TIME_WEIGHTED, Meter.ValueKind.LEVEL, false);
        Period half = new Period(AUGUST.start(), AUGUST.start().plusSeconds(1_339_200));
        RangeUsage usage = over(half, meter, List.of(new Use(0, "10")));

        assertThat(usage.quantity()).isEqualTo(Fraction.of(10));
        assertThat(usage.quantity(AUGUST)).isEqualTo(Fraction.of(5));
    }

    @Test
    void levelsOfSeveralCombinationsAddUp() {
        Meter meter = meter(Aggregation.TIME_WEIGHTED, Meter.ValueKind.LEVEL, false);
        RangeUsage one = over(AUGUST, meter, List.of(new Use(0, "10")));
        RangeUsage other = over(AUGUST, meter, List.of(new Use(0, "2.5")));

        assertThat(one.merge(other).quantity()).isEqualTo(Fraction.of(25, 2));
        assertThat(one.merge(other).eventCount()).isEqualTo(2);
    }

    @Test
    void aLevelOfZeroIsNoUsageButItsReadingIs() {
        Meter meter = meter(Aggregation.TIME_WEIGHTED, Meter.ValueKind.LEVEL, false);
        WindowState zero = window(meter, List.of(new Use(-3600, "0")));

        assertThat(RangeUsage.of(meter, AUGUST).before(zero).usage().isUsed()).isFalse();
        assertThat(over(AUGUST, meter, List.of(new Use(0, "0"))).isUsed()).isTrue();
        assertThat(over(AUGUST, meter, List.of(new Use(0, "0"))).isLevelSeen()).isFalse();
    }

    @Test
    void averagesAreExact() {
        Meter meter = meter(Aggregation.AVG, Meter.ValueKind.LEVEL, false);

        assertThat(over(AUGUST, meter, List.of(new Use(0, "1"), new Use(1, "1"), new Use(2, "0")))
                        .quantity())
                .isEqualTo(Fraction.of(2, 3));
    }

    @Test
    void withoutUsageEveryQuantityIsZero() {
        for (Aggregation aggregation : Aggregation.values()) {
            RangeUsage nothing = over(AUGUST, meter(aggregation, Meter.ValueKind.LEVEL, false), List.of());

            assertThat(nothing.isUsed()).as(aggregation.text()).isFalse();
            assertThat(nothing.quantity()).as(aggregation.text()).isEqualTo(Fraction.ZERO);
        }
    }

    @Test
    void aMeterThatKeepsEveryEventGivesTheSameQuantitiesAndTheValuesInOrder() {
        List<Use> uses = List.of(new Use(7200, "5"), new Use(0, "-1.5"), new Use(3600, "5"), new Use(3600, "3"));
        for (Aggregation aggregation :
                List.of(Aggregation.SUM, Aggregation.MIN, Aggregation.MAX, Aggregation.AVG, Aggregation.LATEST)) {
            RangeUsage each = over(AUGUST, meter(aggregation, Meter.ValueKind.LEVEL, true), uses);
            RangeUsage folded = over(AUGUST, meter(aggregation, Meter.ValueKind.LEVEL, false), uses);

            assertThat(each.quantity()).as(aggregation.text()).isEqualTo(folded.quantity());
            assertThat(each.eventCount()).isEqualTo(folded.eventCount()).isEqualTo(4);
            assertThat(each.events())
                    .containsExactly(
                            new BigDecimal("-1.5"), new BigDecimal("5"), new BigDecimal("3"), new BigDecimal("5"));
            assertThat(folded.events()).isEmpty();
        }
    }

    @Test
    void aUserSeenInTwoHoursCountsOnceOverBoth() {
        Meter meter = meter(Aggregation.UNIQUE_COUNT, Meter.ValueKind.LEVEL, false);
        RangeUsage.Folding folding = RangeUsage.of(meter, AUGUST);
        for (List<String> hour : List.of(List.of("ann", "bob"), List.of("bob", "cleo", "bob"))) {
            WindowState.Builder window = meter.windowKind().empty().toBuilder();
            hour.forEach(text -> window.add(null, text, 0, 0));
            folding.inside(window.state());
        }

        assertThat(folding.usage().quantity()).isEqualTo(Fraction.of(3));
        assertThat(folding.usage().eventCount()).isEqualTo(5);
    }

    /** Each hour's uses in a window of its own, the hours in no order. */
    private static RangeUsage over(Period range, Meter meter, List<Use> uses) {
        TreeMap<Long, WindowState.Builder> hours = new TreeMap<>((a, b) -> Long.compare(b, a));
        long sequence = 0;
        for (Use use : uses) {
            long time = AUGUST.start().toEpochMilli() + use.second * 1000;
            hours.computeIfAbsent(HourWindow.hourOf(time), hour -> meter.windowKind().empty().toBuilder())
                    .add(new BigDecimal(use.value), use.value, time, ++sequence);
        }
        RangeUsage.Folding folding = RangeUsage.of(meter, range);
        hours.values().forEach(hour -> folding.inside(hour.state()));
        return folding.usage();
    }

    private static WindowState window(Meter meter, List<Use> uses) {
        WindowState.Builder window = meter.windowKind().empty().toBuilder();
        long sequence = 0;
        for (Use use : uses) {
            window.add(new BigDecimal(use.value), null, AUGUST.start().toEpochMilli() + use.second * 1000, ++sequence);
        }
        return window.state();
    }

    private static Meter meter(Aggregation aggregation, Meter.ValueKind valueKind, boolean perEvent) {
        return new Meter(
                "m", "", "t", aggregation, null, new TreeMap<>(), new TreeMap<>(), "", null, perEvent, valueKind, null);
    }
}

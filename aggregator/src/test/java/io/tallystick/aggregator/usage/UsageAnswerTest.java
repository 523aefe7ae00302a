package io.tallystick.aggregator.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.aggregator.stream.TestingMeters;
import io.tallystick.schemas.event.RequestRefused;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsageAnswerTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final TestingWindows windows = new TestingWindows();

    @Test
    void localMidnightOfTheFirstBelongsToTheNewMonthAroundANewYorkSpring() {
        // Standard time until 12 March 2023, five hours behind; summer time from then on, four.
        for (String time : List.of(
                "2023-02-01T05:00:00Z",
                "2023-02-15T12:00:00Z",
                "2023-03-01T04:00:00Z",
                "2023-03-01T05:00:00Z",
                "2023-03-12T06:00:00Z",
                "2023-03-12T07:00:00Z",
                "2023-04-01T03:00:00Z",
                "2023-04-01T04:00:00Z",
                "2023-05-01T03:00:00Z")) {
            windows.count("count", time);
        }

        assertThat(lines("count", null, null, WindowSize.MONTH, NEW_YORK))
                .containsExactly(
                        "2023-02-01T05:00:00Z 2023-03-01T05:00:00Z 3",
                        "2023-03-01T05:00:00Z 2023-04-01T04:00:00Z 4",
                        "2023-04-01T04:00:00Z 2023-05-01T04:00:00Z 2");
    }

    @Test
    void aDayHas23HoursInSpringAnd25InAutumn() {
        windows.count("count", "2023-03-12T05:00:00Z");
        windows.count("count", "2023-03-13T03:00:00Z");
        windows.count("count", "2023-03-13T04:00:00Z");
        windows.count("count", "2023-11-05T04:00:00Z");
        windows.count("count", "2023-11-06T04:00:00Z");
        windows.count("count", "2023-11-06T05:00:00Z");

        assertThat(lines("count", null, null, WindowSize.DAY, NEW_YORK))
                .containsExactly(
                        "2023-03-12T05:00:00Z 2023-03-13T04:00:00Z 2",
                        "2023-03-13T04:00:00Z 2023-03-14T04:00:00Z 1",
                        "2023-11-05T04:00:00Z 2023-11-06T05:00:00Z 2",
                        "2023-11-06T05:00:00Z 2023-11-07T05:00:00Z 1");
    }

    @Test
    void whereMidnightDoesNotExistTheDayBeginsWithItsFirstInstant() {
        windows.count("count", "2018-11-04T02:00:00Z");
        windows.count("count", "2018-11-04T03:00:00Z");

        assertThat(lines("count", null, null, WindowSize.DAY, ZoneId.of("America/Sao_Paulo")))
                .containsExactly(
                        "2018-11-03T03:00:00Z 2018-11-04T03:00:00Z 1", "2018-11-04T03:00:00Z 2018-11-05T02:00:00Z 1");
    }

    @Test
    void zonesOffTheWholeHourAreRefusedForDaysAndMonthsOnly() {
        windows.count("count", "2023-03-12T05:00:00Z");
        ZoneId kolkata = ZoneId.of("Asia/Kolkata");

        assertThatThrownBy(() -> lines("count", null, null, WindowSize.DAY, kolkata))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("Asia/Kolkata")
                .hasMessageContaining("does not begin on one");
        assertThat(lines("count", null, null, WindowSize.HOUR, kolkata))
                .containsExactly("2023-03-12T05:00:00Z 2023-03-12T06:00:00Z 1");
    }

    @Test
    void theEndOfTheRangeIsExclusive() {
        windows.count("count", "2023-03-12T05:00:00Z");
        windows.count("count", "2023-03-12T06:00:00Z");
        windows.count("count", "2023-03-12T07:00:00Z");

        assertThat(lines("count", "2023-03-12T06:00:00Z", "2023-03-12T07:00:00Z", null, NEW_YORK))
                .containsExactly("2023-03-12T06:00:00Z 2023-03-12T07:00:00Z 1");
    }

    @Test
    void withoutBoundsTheRangeIsWhereUsageIs() {
        windows.count("count", "2023-03-12T05:59:59Z");
        windows.count("count", "2023-04-12T07:00:00Z");

        assertThat(lines("count", null, null, null, NEW_YORK))
                .containsExactly("2023-03-12T05:00:00Z 2023-04-12T08:00:00Z 2");
        assertThat(lines("sum", null, null, null, NEW_YORK)).isEmpty();
    }

    @Test
    void aLevelGoesOnThroughWindowsWithoutEvents() {
        windows.level("level", "2023-03-10T12:00:00Z", "6");
        windows.level("level", "2023-03-12T12:00:00Z", "0");

        assertThat(lines("level", "2023-03-10T00:00:00Z", "2023-03-14T00:00:00Z", WindowSize.DAY, ZoneId.of("UTC")))
                .containsExactly(
                        "2023-03-10T00:00:00Z 2023-03-11T00:00:00Z 3",
                        "2023-03-11T00:00:00Z 2023-03-12T00:00:00Z 6",
                        "2023-03-12T00:00:00Z 2023-03-13T00:00:00Z 3");
        assertThat(lines("level", "2023-03-11T00:00:00Z", "2023-03-12T00:00:00Z", null, ZoneId.of("UTC")))
                .containsExactly("2023-03-11T00:00:00Z 2023-03-12T00:00:00Z 6");
    }

    @Test
    void aLevelWithoutBoundsIsWeighedOverTheHoursBetweenItsFirstAndLastEvent() {
        windows.level("level", "2023-03-10T12:30:00Z", "6");
        windows.level("level", "2023-03-10T13:30:00Z", "2");

        assertThat(lines("level", null, null, null, ZoneId.of("UTC")))
                .containsExactly("2023-03-10T12:00:00Z 2023-03-10T14:00:00Z 3.5");
        assertThat(lines("delta", null, null, null, ZoneId.of("UTC"))).isEmpty();
        assertThat(lines("level", "2023-04-01T00:00:00Z", null, null, ZoneId.of("UTC")))
                .isEmpty();
    }

    @Test
    void anAnswerThatWouldNeverEndIsRefused() {
        windows.level("level", "2023-03-10T12:30:00Z", "6");
        for (int i = 0; i <= UsageAnswer.ROWS_MAX; i++) {
            windows.count("count", Instant.EPOCH.plusSeconds(3600L * i).toString());
        }

        assertThatThrownBy(() ->
                        lines("level", "2023-03-10T00:00:00Z", "9000-01-01T00:00:00Z", WindowSize.HOUR, ZoneOffset.UTC))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("more than 250000 rows");
        assertThatThrownBy(() -> lines("count", null, null, WindowSize.HOUR, ZoneOffset.UTC))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("more than 250000 rows");
        assertThat(lines("level", "2023-03-10T00:00:00Z", "9000-01-01T00:00:00Z", WindowSize.MONTH, ZoneOffset.UTC))
                .hasSize(6977 * 12 - 2);
    }

    private List<String> lines(
            String meter, @Nullable String from, @Nullable String to, @Nullable WindowSize size, ZoneId zone) {
        UsageQuery query = new UsageQuery(
                TestingMeters.meter(meter),
                "acme",
                from == null ? null : Instant.parse(from),
                to == null ? null : Instant.parse(to),
                size,
                zone,
                List.of(),
                new TreeMap<>());
        List<String> lines = new ArrayList<>();
        for (UsageRow row : UsageAnswer.to(query, windows.of(meter))) {
            lines.add(row.window().start() + " " + row.window().end() + " "
                    + row.value().shown());
        }
        return lines;
    }
}

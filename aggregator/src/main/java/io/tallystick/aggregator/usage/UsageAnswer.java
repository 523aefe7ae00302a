package io.tallystick.aggregator.usage;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.List;

/** How windows answer a {@link UsageQuery}: one row per window and group that has usage, in order of time, then group. */
public final class UsageAnswer {

    /** Rows of one answer, and windows that a level is followed through: 28 years of hours. */
    static final int ROWS_MAX = 250_000;

    private UsageAnswer() {}

    public static List<UsageRow> to(UsageQuery query, Windows windows) {
        return query.meter().aggregation() == Aggregation.TIME_WEIGHTED
                ? new LevelAnswer(query, windows).rows()
                : new TotalAnswer(query, windows).rows();
    }

    static void requireRows(long rows) {
        if (rows > ROWS_MAX) {
            throw RequestRefused.badRequest("the answer would have more than " + ROWS_MAX
                    + " rows; ask for a shorter range, longer windows or fewer groups");
        }
    }

    static long fromHour(UsageQuery query) {
        Instant from = query.from();
        return from == null ? Windows.FIRST_HOUR : HourWindow.hourOf(from);
    }

    static long toHour(UsageQuery query) {
        Instant to = query.to();
        return to == null ? Windows.LAST_HOUR : HourWindow.hourOf(to);
    }

    static Period hours(long from, long to) {
        return new Period(HourWindow.startOf(from), HourWindow.startOf(to));
    }

    static RangeUsage.Folding usageOver(Period range, UsageQuery query) {
        return RangeUsage.of(query.meter(), range);
    }
}

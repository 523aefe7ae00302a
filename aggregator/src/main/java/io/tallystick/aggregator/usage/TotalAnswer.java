package io.tallystick.aggregator.usage;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers for meters whose windows just merge: all but {@code time_weighted}. */
final class TotalAnswer {

    private static final long THE_RANGE = 0;

    private final UsageQuery query;
    private final long fromHour;
    private final long toHour;

    /** By the hour that a window starts with, then by group. */
    private final TreeMap<Long, TreeMap<Dimensions, WindowState.Builder>> cells = new TreeMap<>();

    private final Map<Long, Period> calendar = new HashMap<>();
    private final Map<Dimensions, Dimensions> groups = new HashMap<>();
    private long rows;
    private long firstUsed = Long.MAX_VALUE;
    private long lastUsed = Long.MIN_VALUE;

    TotalAnswer(UsageQuery query, Windows windows) {
        this.query = query;
        fromHour = UsageAnswer.fromHour(query);
        toHour = UsageAnswer.toHour(query);
        windows.visit(fromHour, toHour, this::add);
    }

    private void add(Dimensions dimensions, long hour, WindowState state) {
        if (!query.takes(dimensions)) {
            return;
        }
        firstUsed = Math.min(firstUsed, hour);
        lastUsed = Math.max(lastUsed, hour);
        cells.computeIfAbsent(windowStart(hour), start -> new TreeMap<>())
                .computeIfAbsent(groups.computeIfAbsent(dimensions, query::groupOf), group -> emptyRow(state))
                .merge(state);
    }

    private WindowState.Builder emptyRow(WindowState state) {
        UsageAnswer.requireRows(++rows);
        return state.kind().empty().toBuilder();
    }

    private long windowStart(long hour) {
        WindowSize size = query.windowSize();
        return size == null
                ? THE_RANGE
                : HourWindow.hourOf(calendar.computeIfAbsent(hour, h -> size.windowOf(h, query.zone()))
                        .start());
    }

    List<UsageRow> rows() {
        List<UsageRow> answer = new ArrayList<>();
        cells.forEach((start, groupsOfWindow) -> {
            Period window = window(start);
            groupsOfWindow.forEach((group, state) -> answer.add(new UsageRow(
                    window,
                    group,
                    UsageAnswer.usageOver(window, query)
                            .inside(state.state())
                            .usage()
                            .quantity())));
        });
        return answer;
    }

    private Period window(long start) {
        WindowSize size = query.windowSize();
        return size == null
                ? UsageAnswer.hours(
                        query.from() == null ? firstUsed : fromHour, query.to() == null ? lastUsed + 1 : toHour)
                : size.windowOf(start, query.zone());
    }
}

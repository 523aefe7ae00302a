package io.tallystick.aggregator.usage;

import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers for {@code time_weighted} meters: each dimension combination carries its level from window to window, and a window's value is the sum of their
 * integrals divided by the length of its part inside the range.
 */
final class LevelAnswer {

    private final UsageQuery query;
    private final TreeMap<Dimensions, Combination> combinations = new TreeMap<>();
    private final long fromHour;
    private final long toHour;

    /** One dimension combination: what it came with, and its hours in the range. */
    private static final class Combination {
        private Levels carried;
        private final TreeMap<Long, WindowState.Builder> hours = new TreeMap<>();

        Combination(Levels carried) {
            this.carried = carried;
        }
    }

    LevelAnswer(UsageQuery query, Windows windows) {
        this.query = query;
        long from = UsageAnswer.fromHour(query);
        long to = UsageAnswer.toHour(query);
        if (query.from() != null) {
            windows.levelsBefore(from).forEach((dimensions, levels) -> {
                if (query.takes(dimensions)) {
                    combinations.put(dimensions, new Combination(levels));
                }
            });
        }
        windows.visit(from, to, this::add);
        fromHour = query.from() == null ? firstUsed(to) : from;
        toHour = query.to() == null ? lastUsed(from) + 1 : to;
    }

    private void add(Dimensions dimensions, long hour, WindowState state) {
        if (query.takes(dimensions)) {
            combinations
                    .computeIfAbsent(
                            dimensions,
                            d -> new Combination((Levels) state.kind().empty()))
                    .hours
                    .computeIfAbsent(hour, h -> state.kind().empty().toBuilder())
                    .merge(state);
        }
    }

    private long firstUsed(long otherwise) {
        return combinations.values().stream()
                .filter(combination -> !combination.hours.isEmpty())
                .mapToLong(combination -> combination.hours.firstKey())
                .min()
                .orElse(otherwise);
    }

    private long lastUsed(long otherwise) {
        return combinations.values().stream()
                .filter(combination -> !combination.hours.isEmpty())
                .mapToLong(combination -> combination.hours.lastKey())
                .max()
                .orElse(otherwise - 1);
    }

    List<UsageRow> rows() {
        List<UsageRow> rows = new ArrayList<>();
        WindowSize size = query.windowSize();
        int windows = 0;
        for (long hour = fromHour; hour < toHour; ) {
            UsageAnswer.requireRows(++windows);
            UsageAnswer.requireRows(rows.size());
            Period window = size == null ? UsageAnswer.hours(fromHour, toHour) : size.windowOf(hour, query.zone());
            long end = Math.min(toHour, HourWindow.hourOf(window.end()));
            addRows(window, UsageAnswer.hours(hour, end), rows);
            hour = end;
        }
        return rows;
    }

    /** @param part of the window inside the range */
    private void addRows(Period window, Period part, List<UsageRow> rows) {
        TreeMap<Dimensions, RangeUsage> groups = new TreeMap<>();
        for (Map.Entry<Dimensions, Combination> entry : combinations.entrySet()) {
            RangeUsage usage = usageIn(part, entry.getValue());
            if (usage.isUsed()) {
                groups.merge(query.groupOf(entry.getKey()), usage, RangeUsage::merge);
            }
        }
        groups.forEach((group, usage) -> rows.add(new UsageRow(window, group, usage.quantity())));
    }

    private RangeUsage usageIn(Period part, Combination combination) {
        RangeUsage.Folding folding = UsageAnswer.usageOver(part, query).before(combination.carried);
        long from = HourWindow.hourOf(part.start());
        long to = HourWindow.hourOf(part.end());
        for (WindowState.Builder hour : combination.hours.subMap(from, to).values()) {
            Levels levels = (Levels) hour.state();
            folding.inside(levels);
            combination.carried = combination.carried.merge(levels.collapsed()).collapsed();
        }
        return folding.usage();
    }
}

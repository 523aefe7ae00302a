package io.tallystick.aggregator.usage;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all tenants together have used of a meter, per UTC day and group: what a supplier's own figures are compared with. Only for meters that add up over
 * tenants, which are {@code count} and {@code sum}.
 */
public final class DaySums {

    private final UsageQuery query;
    private final TreeMap<LocalDate, TreeMap<Dimensions, BigDecimal>> days = new TreeMap<>();
    private long rows;

    /** @param query whose range, groups and filters count; its tenant and windows do not */
    public DaySums(UsageQuery query) {
        Meter meter = query.meter();
        if (meter.aggregation() != Aggregation.COUNT && meter.aggregation() != Aggregation.SUM) {
            throw RequestRefused.badRequest("days of all tenants are for meters that add up, count and sum; "
                    + meter.meter() + " is " + meter.aggregation().text());
        }
        this.query = query;
    }

    /** Adds one tenant's windows. */
    public void add(Windows windows) {
        boolean counts = query.meter().aggregation() == Aggregation.COUNT;
        windows.visit(UsageAnswer.fromHour(query), UsageAnswer.toHour(query), (dimensions, hour, state) -> {
            if (query.takes(dimensions)) {
                BigDecimal value = counts
                        ? BigDecimal.valueOf(state.count())
                        : UsageAnswer.usageOver(UsageAnswer.hours(hour, hour + 1), query)
                                .inside(state)
                                .usage()
                                .sum();
                add(LocalDate.ofEpochDay(HourWindow.dayOf(hour)), query.groupOf(dimensions), value);
            }
        });
    }

    /** Adds what another process has summed up. */
    public void add(LocalDate day, Map<String, String> group, BigDecimal value) {
        add(day, Dimensions.of(group), value);
    }

    private void add(LocalDate day, Dimensions group, BigDecimal value) {
        days.computeIfAbsent(day, any -> new TreeMap<>()).compute(group, (any, sum) -> {
            if (sum == null) {
                UsageAnswer.requireRows(++rows);
                return value;
            }
            return sum.add(value);
        });
    }

    /** One day's sum of one group. */
    public record Row(LocalDate day, Dimensions group, BigDecimal value) {}

    /** In order of day, then group. */
    public List<Row> rows() {
        return days.entrySet().stream()
                .flatMap(day -> day.getValue().entrySet().stream()
                        .map(group -> new Row(day.getKey(), group.getKey(), group.getValue())))
                .toList();
    }
}

package io.tallystick.deploy.verify.aggregator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One usage query, and its answer worked out the slow obvious way from the list of events. It shares no code with what it checks.
 *
 * @param rule which of the meters, by what it does
 * @param window {@code HOUR}, {@code DAY}, {@code MONTH}, or null for the whole range
 */
record NaiveQuery(
        String rule,
        String tenant,
        Instant from,
        Instant to,
        @Nullable String window,
        ZoneId zone,
        List<String> groupBy,
        Map<String, String> filter) {

    private static final int SHOWN_DECIMALS = 12;

    String parameters() {
        StringBuilder text = new StringBuilder("&from=" + from + "&to=" + to);
        if (window != null) {
            text.append("&windowSize=")
                    .append(window)
                    .append("&windowTimeZone=")
                    .append(zone);
        }
        groupBy.forEach(name -> text.append("&groupBy=").append(name));
        filter.forEach((name, value) ->
                text.append("&filterGroupBy%5B").append(name).append("%5D=").append(value));
        return text.toString();
    }

    /** By window and group, the value. */
    Map<String, String> answer(List<SimulatedUsage> events) {
        Map<String, List<SimulatedUsage>> groups = new TreeMap<>();
        // Sorting keeps the order of the log among events of one time.
        events.stream()
                .filter(event -> event.isFirst() && event.tenant().equals(tenant))
                .filter(event -> filter.entrySet().stream()
                        .allMatch(one -> event.dimension(one.getKey()).equals(one.getValue())))
                .sorted(Comparator.comparingLong(SimulatedUsage::time))
                .forEach(event -> groups.computeIfAbsent(group(event), group -> new ArrayList<>())
                        .add(event));
        Map<String, String> answer = new TreeMap<>();
        Instant start = from;
        while (start.isBefore(to)) {
            Instant windowStart = window == null ? from : floor(start);
            Instant windowEnd = window == null ? to : next(windowStart);
            Instant end = windowEnd.isBefore(to) ? windowEnd : to;
            for (Map.Entry<String, List<SimulatedUsage>> group : groups.entrySet()) {
                BigDecimal value = value(group.getValue(), start.toEpochMilli(), end.toEpochMilli());
                if (value != null) {
                    answer.put(key(windowStart.toString(), windowEnd.toString(), group.getKey()), plain(value));
                }
            }
            start = end;
        }
        return answer;
    }

    static String key(String start, String end, String group) {
        return start + " " + end + " " + group;
    }

    static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private String group(SimulatedUsage event) {
        return groupBy.stream().map(event::dimension).collect(Collectors.joining("/"));
    }

    private Instant floor(Instant at) {
        if ("HOUR".equals(window)) {
            return at.truncatedTo(ChronoUnit.HOURS);
        }
        LocalDate day = at.atZone(zone).toLocalDate();
        return ("MONTH".equals(window) ? day.withDayOfMonth(1) : day)
                .atStartOfDay(zone)
                .toInstant();
    }

    private Instant next(Instant start) {
        if ("HOUR".equals(window)) {
            return start.plus(1, ChronoUnit.HOURS);
        }
        LocalDate day = start.atZone(zone).toLocalDate();
        return ("MONTH".equals(window) ? day.plusMonths(1) : day.plusDays(1))
                .atStartOfDay(zone)
                .toInstant();
    }

    private @Nullable BigDecimal value(List<SimulatedUsage> events, long start, long end) {
        List<SimulatedUsage> inside = events.stream()
                .filter(event -> event.time() >= start && event.time() < end)
                .toList();
        if (rule.equals("level") || rule.equals("delta")) {
            return timeWeighted(events, inside, start, end);
        }
        if (inside.isEmpty()) {
            return null;
        }
        List<BigDecimal> values = inside.stream().map(SimulatedUsage::value).toList();
        BigDecimal sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal count = BigDecimal.valueOf(inside.size());
        return switch (rule) {
            case "count" -> count;
            case "sum", "each" -> sum;
            case "min" -> values.stream().min(BigDecimal::compareTo).orElseThrow();
            case "max" -> values.stream().max(BigDecimal::compareTo).orElseThrow();
            case "avg" -> quotient(sum, count);
            case "latest" -> values.get(values.size() - 1);
            case "unique" ->
                BigDecimal.valueOf(
                        inside.stream().map(SimulatedUsage::user).distinct().count());
            default -> throw new IllegalArgumentException(rule);
        };
    }

    private @Nullable BigDecimal timeWeighted(
            List<SimulatedUsage> events, List<SimulatedUsage> inside, long start, long end) {
        boolean seen = !inside.isEmpty();
        BigDecimal integral = BigDecimal.ZERO;
        Map<String, List<SimulatedUsage>> combinations =
                events.stream().collect(Collectors.groupingBy(event -> event.model() + "/" + event.region()));
        for (List<SimulatedUsage> combination : combinations.values()) {
            BigDecimal level = BigDecimal.ZERO;
            long since = start;
            for (SimulatedUsage event : combination) {
                if (event.time() >= end) {
                    break;
                }
                if (event.time() > since) {
                    integral = integral.add(level.multiply(BigDecimal.valueOf(event.time() - since)));
                    seen |= level.signum() != 0;
                    since = event.time();
                }
                level = rule.equals("delta") ? level.add(event.value()) : event.value();
            }
            integral = integral.add(level.multiply(BigDecimal.valueOf(end - since)));
            seen |= level.signum() != 0;
        }
        return seen ? quotient(integral, BigDecimal.valueOf(end - start)) : null;
    }

    /** All digits where they end. */
    private static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
        try {
            return dividend.divide(divisor);
        } catch (ArithmeticException endless) {
            return dividend.divide(divisor, SHOWN_DECIMALS, RoundingMode.HALF_UP);
        }
    }
}

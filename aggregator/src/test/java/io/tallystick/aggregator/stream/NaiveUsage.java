package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.WindowSize;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Reading;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Usage from a plain list of events, the slow obvious way, as lines of text. It shares no aggregation code with what it checks.
 */
final class NaiveUsage {

    private record Use(
            String tenant, long time, long sequence, String model, String region, BigDecimal value, String text) {}

    private final List<Use> all = new ArrayList<>();

    NaiveUsage(String meter, List<AcceptedEvent> events) {
        for (AcceptedEvent event : events) {
            for (Reading reading : event.readings()) {
                if (reading.meter().equals(meter)) {
                    String model = reading.dimensions().get("model");
                    String region = reading.dimensions().get("region");
                    all.add(new Use(
                            event.tenant(),
                            event.time(),
                            event.sequence(),
                            model,
                            region,
                            reading.value(),
                            reading.text()));
                }
            }
        }
        all.sort(Comparator.comparingLong(Use::time).thenComparingLong(Use::sequence));
    }

    /** Lines of window start, window end, group and value; from and to must be given. */
    List<String> answer(UsageQuery query) {
        List<Use> uses = new ArrayList<>();
        for (Use use : all) {
            Set<String> models = query.filters().get("model");
            Set<String> regions = query.filters().get("region");
            if (use.tenant.equals(query.tenant())
                    && (models == null || models.contains(use.model))
                    && (regions == null || regions.contains(use.region))) {
                uses.add(use);
            }
        }
        TreeMap<String, List<Use>> groups = new TreeMap<>();
        for (Use use : uses) {
            StringBuilder group = new StringBuilder();
            query.groupBy()
                    .forEach(name -> group.append(name.equals("model") ? use.model : use.region)
                            .append('/'));
            groups.computeIfAbsent(group.toString(), g -> new ArrayList<>()).add(use);
        }
        List<String> lines = new ArrayList<>();
        for (Instant start = query.from(); start.isBefore(query.to()); ) {
            Instant windowStart = query.from();
            Instant windowEnd = query.to();
            if (query.windowSize() == WindowSize.HOUR) {
                windowStart = start;
                windowEnd = start.plus(1, ChronoUnit.HOURS);
            } else if (query.windowSize() != null) {
                LocalDate day = start.atZone(query.zone()).toLocalDate();
                boolean month = query.windowSize() == WindowSize.MONTH;
                LocalDate first = month ? day.withDayOfMonth(1) : day;
                windowStart = first.atStartOfDay(query.zone()).toInstant();
                windowEnd = (month ? first.plusMonths(1) : first.plusDays(1))
                        .atStartOfDay(query.zone())
                        .toInstant();
            }
            Instant end = windowEnd.isBefore(query.to()) ? windowEnd : query.to();
            for (Map.Entry<String, List<Use>> group : groups.entrySet()) {
                String value = value(query, group.getValue(), start.toEpochMilli(), end.toEpochMilli());
                if (value != null) {
                    lines.add(windowStart + " " + windowEnd + " " + group.getKey() + " " + value);
                }
            }
            start = end;
        }
        return lines;
    }

    /** @param uses in order of time, then sequence; null when there is nothing to show */
    private static String value(UsageQuery query, List<Use> uses, long start, long end) {
        List<Use> inside =
                uses.stream().filter(use -> use.time >= start && use.time < end).toList();
        String meter = query.meter().meter();
        if (meter.equals("level") || meter.equals("delta")) {
            return timeWeighted(meter.equals("delta"), uses, inside, start, end);
        }
        if (inside.isEmpty()) {
            return null;
        }
        BigDecimal sum = BigDecimal.ZERO;
        TreeSet<BigDecimal> values = new TreeSet<>();
        HashSet<String> texts = new HashSet<>();
        for (Use use : inside) {
            if (use.value != null) {
                sum = sum.add(use.value);
                values.add(use.value);
            }
            texts.add(use.text);
        }
        return switch (meter) {
            case "count" -> Integer.toString(inside.size());
            case "sum", "each" -> plain(sum);
            case "min" -> plain(values.first());
            case "max" -> plain(values.last());
            case "avg" -> quotient(sum, BigDecimal.valueOf(inside.size()));
            case "latest" -> plain(inside.get(inside.size() - 1).value);
            case "unique_count" -> Integer.toString(texts.size());
            default -> throw new IllegalArgumentException(meter);
        };
    }

    /** Walks through every dimension combination's events from the beginning of time. */
    private static String timeWeighted(boolean delta, List<Use> uses, List<Use> inside, long start, long end) {
        TreeMap<String, List<Use>> combinations = new TreeMap<>();
        uses.forEach(use -> combinations
                .computeIfAbsent(use.model + "/" + use.region, c -> new ArrayList<>())
                .add(use));
        BigDecimal integral = BigDecimal.ZERO;
        boolean seen = !inside.isEmpty();
        for (List<Use> combination : combinations.values()) {
            BigDecimal level = BigDecimal.ZERO;
            long at = Long.MIN_VALUE;
            for (int i = 0; i <= combination.size(); i++) {
                long next = i == combination.size() ? end : Math.min(end, combination.get(i).time);
                long from = Math.max(at, start);
                if (next > from) {
                    integral = integral.add(level.multiply(BigDecimal.valueOf(next - from)));
                    seen |= level.signum() != 0;
                }
                if (i == combination.size() || combination.get(i).time >= end) {
                    break;
                }
                level = delta ? level.add(combination.get(i).value) : combination.get(i).value;
                at = combination.get(i).time;
            }
        }
        return seen ? quotient(integral, BigDecimal.valueOf(end - start)) : null;
    }

    private static String quotient(BigDecimal dividend, BigDecimal divisor) {
        try {
            return plain(dividend.divide(divisor));
        } catch (ArithmeticException endless) {
            return plain(dividend.divide(divisor, 12, RoundingMode.HALF_UP));
        }
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0
                ? BigInteger.ZERO.toString()
                : value.stripTrailingZeros().toPlainString();
    }
}

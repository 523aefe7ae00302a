package io.tallystick.aggregator.http;

import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.WindowSize;
import io.tallystick.schemas.catalog.BillingZone;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.InstantText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The query parameters of a usage query, as OpenMeter names them. Whatever is wrong with them is a 400 that says which one and how it should be. */
final class UsageParameters {

    private static final String FILTER = "filterGroupBy[";
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** Where a query without a beginning looks from; a window before it that is off the hour is still refused when it comes up. */
    private static final Instant ZONES_FROM = Instant.parse("2000-01-01T00:00:00Z");

    private final Map<String, List<String>> parameters;

    UsageParameters(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /** Whose usage is asked for. */
    String subject() {
        String subject = one("subject");
        if (subject == null || subject.isEmpty()) {
            throw RequestRefused.badRequest("subject is required: the tenant whose usage is asked for");
        }
        return subject;
    }

    UsageQuery query(Meter meter) {
        return query(meter, subject());
    }

    /** The question for all tenants together, in which no tenant stands. */
    UsageQuery ofAllTenants(Meter meter) {
        return query(meter, "");
    }

    private UsageQuery query(Meter meter, String subject) {
        Instant from = instant("from");
        Instant to = instant("to");
        if (from != null && to != null && !from.isBefore(to)) {
            throw RequestRefused.badRequest("to is exclusive and behind from, but " + from + " to " + to + " is empty");
        }
        WindowSize size = windowSize();
        return new UsageQuery(meter, subject, from, to, size, zone(size, from), groupBy(meter), filters(meter));
    }

    private @Nullable Instant instant(String name) {
        String text = one(name);
        if (text == null) {
            return null;
        }
        Instant instant = InstantText.parse(text)
                .orElseThrow(
                        () -> RequestRefused.badRequest(name + " is an instant, as 2026-04-01T00:00:00Z, not " + text));
        if (!HourWindow.isWholeHour(instant)) {
            throw RequestRefused.badRequest(
                    name + " falls on a whole UTC hour, since totals are kept per hour; " + text + " does not");
        }
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw RequestRefused.badRequest(name + " is between the years 1 and 9999, not " + text);
        }
        return instant;
    }

    private @Nullable WindowSize windowSize() {
        String text = one("windowSize");
        if (text == null) {
            return null;
        }
        return WindowSize.parse(text)
                .orElseThrow(() -> RequestRefused.badRequest("windowSize is HOUR, DAY or MONTH, not " + text));
    }

    /** Days and months are cut at local midnight, which must fall on a whole UTC hour; hours are the same in every zone. */
    private ZoneId zone(@Nullable WindowSize size, @Nullable Instant from) {
        String text = one("windowTimeZone");
        if (text == null) {
            return ZoneOffset.UTC;
        }
        ZoneId zone = BillingZone.parse(text)
                .orElseThrow(() ->
                        RequestRefused.badRequest("windowTimeZone is a time zone, as Europe/Berlin, not " + text));
        if (size == WindowSize.DAY || size == WindowSize.MONTH) {
            BillingZone.offsetOffTheHour(zone, from == null ? ZONES_FROM : from).ifPresent(offset -> {
                throw RequestRefused.badRequest(
                        "windowTimeZone is whole hours away from UTC, since totals are kept per " + "UTC hour; " + text
                                + " is " + offset.getId() + " away");
            });
        }
        return zone;
    }

    private List<String> groupBy(Meter meter) {
        List<String> groupBy = new ArrayList<>();
        for (String values : parameters.getOrDefault("groupBy", List.of())) {
            for (String dimension : Arrays.asList(values.split(","))) {
                // The subject is in every row anyway.
                if (!dimension.isEmpty() && !dimension.equals("subject") && !groupBy.contains(dimension)) {
                    requireDimension("groupBy", dimension, meter);
                    groupBy.add(dimension);
                }
            }
        }
        return groupBy;
    }

    private SortedMap<String, Set<String>> filters(Meter meter) {
        SortedMap<String, Set<String>> filters = new TreeMap<>();
        parameters.forEach((name, values) -> {
            if (name.startsWith(FILTER) && name.endsWith("]")) {
                String dimension = name.substring(FILTER.length(), name.length() - 1);
                requireDimension("filterGroupBy", dimension, meter);
                filters.put(dimension, new TreeSet<>(values));
            }
        });
        return filters;
    }

    private static void requireDimension(String parameter, String dimension, Meter meter) {
        if (!meter.dimensions().containsKey(dimension)) {
            throw RequestRefused.badRequest(parameter + " names a dimension of the meter; " + meter.meter() + " has "
                    + (meter.dimensions().isEmpty()
                            ? "none"
                            : String.join(", ", meter.dimensions().keySet()))
                    + ", but not " + dimension);
        }
    }

    private @Nullable String one(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw RequestRefused.badRequest(name + " is given once, not " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.get(0);
    }
}

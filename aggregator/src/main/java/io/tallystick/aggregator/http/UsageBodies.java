package io.tallystick.aggregator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.UsageRow;
import io.tallystick.aggregator.usage.WindowSize;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Meters and usage as JSON and CSV. Values are texts: they are exact. */
final class UsageBodies {

    private static final JsonMapper JSON = new JsonMapper();

    private UsageBodies() {}

    static String json(Map<String, @Nullable Object> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // trees of maps, lists and texts
        }
    }

    static Map<String, @Nullable Object> usage(UsageQuery query, List<UsageRow> rows) {
        List<Map<String, @Nullable Object>> data = new ArrayList<>(rows.size());
        for (UsageRow row : rows) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("value", row.value().shown());
            tree.put("windowStart", row.window().start().toString());
            tree.put("windowEnd", row.window().end().toString());
            tree.put("subject", query.tenant());
            Map<String, String> group = new LinkedHashMap<>();
            query.groupBy()
                    .forEach(dimension -> group.put(dimension, row.group().get(dimension)));
            tree.put("groupBy", group);
            data.add(tree);
        }
        WindowSize size = query.windowSize();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("from", text(query.from()));
        tree.put("to", text(query.to()));
        tree.put("windowSize", size == null ? null : size.name());
        tree.put("data", data);
        return tree;
    }

    static Map<String, @Nullable Object> row(UsageQuery query, UsageRow row) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("value", row.value().shown());
        tree.put("windowStart", row.window().start().toString());
        tree.put("windowEnd", row.window().end().toString());
        tree.put("subject", query.tenant());
        Map<String, String> group = new LinkedHashMap<>();
        query.groupBy().forEach(dimension -> group.put(dimension, row.group().get(dimension)));
        tree.put("groupBy", group);
        return tree;
    }

    static String csv(UsageQuery query, List<UsageRow> rows) {
        StringBuilder csv = new StringBuilder("window_start,window_end,subject");
        query.groupBy().forEach(dimension -> csv.append(',').append(cell(dimension)));
        csv.append(",value\r\n");
        for (UsageRow row : rows) {
            csv.append(row.window().start()).append(',').append(row.window().end());
            csv.append(',').append(cell(query.tenant()));
            query.groupBy()
                    .forEach(
                            dimension -> csv.append(',').append(cell(row.group().get(dimension))));
            csv.append(',').append(row.value().shown()).append("\r\n");
        }
        return csv.toString();
    }

    /** As RFC 4180 quotes. */
    private static String cell(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** A meter as the catalogue file writes it, with every default. */
    static Map<String, @Nullable Object> meter(Meter meter) {
        DataPath value = meter.value();
        Meter.Quantum quantum = meter.quantum();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("meter", meter.meter());
        tree.put("description", meter.description());
        tree.put("eventType", meter.eventType());
        tree.put("aggregation", meter.aggregation().text());
        tree.put("value", value == null ? null : value.text());
        Map<String, String> dimensions = new LinkedHashMap<>();
        meter.dimensions().forEach((name, path) -> dimensions.put(name, path.text()));
        tree.put("dimensions", dimensions);
        Map<String, List<String>> where = new LinkedHashMap<>();
        meter.where().forEach((path, texts) -> where.put(path.text(), texts));
        tree.put("where", where);
        tree.put("unit", meter.unit());
        tree.put("quantum", quantum == null ? null : quantum(quantum));
        tree.put("perEvent", meter.perEvent());
        if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            tree.put("valueKind", meter.valueKind().name().toLowerCase(Locale.ROOT));
        }
        tree.put("effectiveFrom", text(meter.effectiveFrom()));
        return tree;
    }

    private static Map<String, String> quantum(Meter.Quantum quantum) {
        Map<String, String> tree = new LinkedHashMap<>();
        tree.put("step", quantum.step().toPlainString());
        tree.put("mode", quantum.mode().name().toLowerCase(Locale.ROOT));
        return tree;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}

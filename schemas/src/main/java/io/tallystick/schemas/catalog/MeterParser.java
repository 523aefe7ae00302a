package io.tallystick.schemas.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a meter. */
final class MeterParser {

    static final int DIMENSIONS_MAX = 32;

    private static final List<String> AGGREGATIONS =
            Arrays.stream(Aggregation.values()).map(Aggregation::text).toList();

    private MeterParser() {}

    static Meter parse(FieldReader fields) {
        String name = fields.name("meter", Names.METER);
        String description = fields.optionalText("description").orElse("");
        String eventType = fields.words("eventType");
        Aggregation aggregation =
                Aggregation.valueOf(fields.word("aggregation", AGGREGATIONS).toUpperCase(Locale.ROOT));
        boolean isAggregationKnown = !fields.isBroken("aggregation");
        DataPath value = value(fields, aggregation, isAggregationKnown);
        SortedMap<String, DataPath> dimensions = dimensions(fields);
        SortedMap<DataPath, List<String>> where = WhereParser.ofPaths(fields);
        String unit = fields.optionalText("unit").orElse("");
        Meter.Quantum quantum = fields.optionalObject("quantum", "quantum")
                .map(MeterParser::quantum)
                .orElse(null);
        boolean perEvent = fields.flag("perEvent");
        Optional<String> valueKind = fields.optionalWord("valueKind", List.of("level", "delta"));
        Meter meter = new Meter(
                name,
                description,
                eventType,
                aggregation,
                value,
                dimensions,
                where,
                unit,
                quantum,
                perEvent,
                valueKind.filter("delta"::equals).isPresent() ? Meter.ValueKind.DELTA : Meter.ValueKind.LEVEL,
                fields.optionalInstant("effectiveFrom").orElse(null),
                RateCardParser.parse(fields, dimensions.keySet()));
        if (isAggregationKnown) {
            checkAgainst(aggregation, fields, perEvent);
        }
        fields.close();
        return meter;
    }

    private static void checkAgainst(Aggregation aggregation, FieldReader fields, boolean perEvent) {
        if (aggregation != Aggregation.TIME_WEIGHTED && fields.has("valueKind")) {
            fields.error("valueKind", "only a time_weighted meter has a valueKind, not " + aggregation.text());
        }
        boolean isNumeric = aggregation != Aggregation.COUNT && aggregation != Aggregation.UNIQUE_COUNT;
        if (!isNumeric && fields.has("quantum")) {
            fields.error("quantum", "a " + aggregation.text() + " meter has no numbers to round");
        }
        if (fields.has("cost") && !aggregation.isAdditive() && aggregation != Aggregation.TIME_WEIGHTED) {
            fields.error("cost", "a " + aggregation.text() + " meter does not add up, so its units have no cost");
        }
        if (perEvent && aggregation != Aggregation.SUM) {
            fields.error("perEvent", "only a sum meter keeps every event's value, not " + aggregation.text());
        }
    }

    private static @Nullable DataPath value(FieldReader fields, Aggregation aggregation, boolean isAggregationKnown) {
        if (isAggregationKnown && aggregation == Aggregation.COUNT) {
            if (fields.has("value")) {
                fields.error("value", "a count meter counts events and reads no value");
            }
            return null;
        }
        if (isAggregationKnown) {
            fields.require("value");
        }
        return fields.optionalText("value")
                .flatMap(written -> WhereParser.path(fields.reading().errors(), fields.path("value"), written))
                .orElse(null);
    }

    /** A dimension whose path is wrong is kept all the same: charges may name it. */
    private static SortedMap<String, DataPath> dimensions(FieldReader fields) {
        SortedMap<String, DataPath> dimensions = new TreeMap<>();
        CatalogErrors errors = fields.reading().errors();
        fields.optionalEntries("dimensions").forEach((key, value) -> {
            String name = String.valueOf(key);
            String path = fields.path("dimensions") + "." + name;
            if (!Names.DIMENSION.allow(name)) {
                errors.add(path, FieldReader.describe(name) + " is not allowed: " + Names.DIMENSION.rule());
            }
            Optional<DataPath> place = Optional.empty();
            if (value instanceof String written) {
                place = WhereParser.path(errors, path, written);
            } else {
                errors.add(path, "expected a path as in $." + name + " but found " + FieldReader.describe(value));
            }
            dimensions.put(name, place.orElse(DataPath.of(List.of())));
        });
        if (dimensions.size() > DIMENSIONS_MAX) {
            fields.error("dimensions", "a meter has at most " + DIMENSIONS_MAX + " dimensions");
        }
        return dimensions;
    }

    private static Meter.Quantum quantum(FieldReader fields) {
        Meter.Quantum quantum = new Meter.Quantum(
                fields.decimal("step", DecimalRange.POSITIVE), PriceParser.roundingMode(fields, "mode"));
        fields.close();
        return quantum;
    }
}

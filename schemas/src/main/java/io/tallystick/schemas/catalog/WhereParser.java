package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads conditions: by dimension or path, the texts of which one must stand there. The order of texts means nothing, so they are kept sorted, each once. */
final class WhereParser {

    static final int VALUES_MAX = 10_000;

    private WhereParser() {}

    /** Conditions on the dimensions of a meter, as charges and matrix rows have them. */
    static SortedMap<String, List<String>> ofDimensions(FieldReader fields) {
        SortedMap<String, List<String>> where = new TreeMap<>();
        fields.optionalEntries("where").forEach((key, value) -> {
            String name = String.valueOf(key);
            String path = fields.path("where") + "." + name;
            where.put(name, texts(fields.reading(), path, value));
        });
        return where;
    }

    /** Conditions on the data of an event, as meters have them: by path, or by the name of a top-level member. */
    static SortedMap<DataPath, List<String>> ofPaths(FieldReader fields) {
        SortedMap<DataPath, List<String>> where = new TreeMap<>();
        fields.optionalEntries("where").forEach((key, value) -> {
            String name = String.valueOf(key);
            String path = fields.path("where") + "." + name;
            List<String> texts = texts(fields.reading(), path, value);
            dataPath(fields.reading().errors(), path, name)
                    .filter(place -> where.put(place, texts) != null)
                    .ifPresent(place ->
                            fields.reading().errors().add(path, "stands here twice: another name of " + place.text()));
        });
        return where;
    }

    private static Optional<DataPath> dataPath(CatalogErrors errors, String path, String name) {
        if (name.startsWith("$")) {
            return path(errors, path, name);
        }
        if (name.isEmpty()) {
            errors.add(path, "a member's name is missing");
            return Optional.empty();
        }
        return Optional.of(DataPath.ofMember(name));
    }

    static Optional<DataPath> path(CatalogErrors errors, String path, String written) {
        try {
            return Optional.of(DataPath.parse(written));
        } catch (IllegalArgumentException e) {
            errors.add(path, FieldReader.describe(written) + " is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<String> texts(FieldReader.Reading reading, String path, @Nullable Object value) {
        List<?> values = value instanceof List<?> list ? list : listOfOne(value);
        TreeSet<String> texts = new TreeSet<>();
        for (int i = 0; i < values.size(); i++) {
            Object one = values.get(i);
            Optional<String> text = text(one);
            String at = value instanceof List ? path + "[" + i + "]" : path;
            if (text.isEmpty()) {
                reading.errors().add(at, notText(one));
            } else if (text.get().length() > FieldReader.TEXT_LENGTH_MAX) {
                reading.errors().add(at, "text is at most " + FieldReader.TEXT_LENGTH_MAX + " characters");
            }
            text.ifPresent(texts::add);
        }
        if (values.isEmpty()) {
            reading.errors()
                    .add(path, "lists no value, so nothing would ever match; leave the condition out to match all");
        }
        if (values.size() > VALUES_MAX) {
            reading.errors().add(path, "lists " + values.size() + " values; at most " + VALUES_MAX);
        }
        return List.copyOf(texts);
    }

    private static List<?> listOfOne(@Nullable Object value) {
        List<@Nullable Object> list = new ArrayList<>();
        list.add(value);
        return list;
    }

    /** Values compare as text, so a number or a boolean stands for the text it is written as. */
    private static Optional<String> text(@Nullable Object value) {
        if (value instanceof String text) {
            return Optional.of(text);
        }
        if (value instanceof BigDecimal number) {
            return Optional.of(number.toPlainString());
        }
        return value instanceof Boolean flag ? Optional.of(flag.toString()) : Optional.empty();
    }

    private static String notText(@Nullable Object value) {
        return value == null
                ? "is empty; write \"\" for a missing value"
                : "expected text or a list of texts but found " + FieldReader.describe(value);
    }
}

package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.InstantText;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object of a document. What is wrong is reported and a harmless value returned, so that reading goes on and finds every mistake.
 *
 * <p>A matrix row is read with the charge behind it: a field that the row does not have is the charge's.
 */
final class FieldReader {

    static final int TEXT_LENGTH_MAX = 1024;

    private static final Map<?, ?> NOTHING = Map.of();

    private final Reading reading;
    private final String kind;
    private final String path;
    private final Map<?, ?> fields;
    private final @Nullable FieldReader behind;
    private final boolean isPartial;
    private final Set<String> known;
    private final Set<String> missing = new LinkedHashSet<>();

    /** What all readers of a document share: where errors go, and what the build takes. */
    record Reading(CatalogErrors errors, SupportedFeatures supported) {}

    private FieldReader(
            Reading reading,
            String kind,
            String path,
            Map<?, ?> fields,
            @Nullable FieldReader behind,
            boolean isPartial,
            Set<String> known) {
        this.reading = reading;
        this.kind = kind;
        this.path = path;
        this.fields = fields;
        this.behind = behind;
        this.isPartial = isPartial;
        this.known = known;
    }

    /** Reads {@code tree}, which must be an object; if it is none, that is reported and everything in it is absent without further complaint. */
    static FieldReader of(Reading reading, String kind, String path, @Nullable Object tree) {
        if (tree instanceof Map<?, ?> fields) {
            return new FieldReader(reading, kind, path, fields, null, false, new LinkedHashSet<>());
        }
        reading.errors()
                .add(path, "expected " + phrase(kind) + " (fields and their values) but found " + describe(tree));
        return new FieldReader(reading, kind, path, NOTHING, null, true, new LinkedHashSet<>());
    }

    /** The same object, of which required fields may be absent because others fill them in. */
    FieldReader partial() {
        return new FieldReader(reading, kind, path, fields, behind, true, known);
    }

    /** Another object in front of this one. */
    FieldReader withRow(String rowKind, String rowPath, @Nullable Object tree) {
        FieldReader row = of(reading, rowKind, rowPath, tree);
        return new FieldReader(reading, rowKind, rowPath, row.fields, this, row.isPartial, new LinkedHashSet<>());
    }

    Reading reading() {
        return reading;
    }

    boolean isPartial() {
        return isPartial;
    }

    /** The path of a field, where it stands or where it would. */
    String path(String name) {
        if (behind != null && !fields.containsKey(name) && behind.fields.containsKey(name)) {
            return behind.path(name);
        }
        return path.isEmpty() || path.endsWith(": ") ? path + name : path + "." + name;
    }

    String path() {
        return path;
    }

    /** Whether the field is there with a value other than null. */
    boolean has(String name) {
        return value(name) != null;
    }

    /** Whether the field is there, and null. */
    boolean isNull(String name) {
        return fields.containsKey(name) && fields.get(name) == null;
    }

    /** Whether something was wrong with the field, or it is required and missing. */
    boolean isBroken(String name) {
        return missing.contains(name) || reading.errors().isBroken(path(name));
    }

    void error(String name, String message) {
        reading.errors().add(path(name), message);
    }

    @Nullable
    Object value(String name) {
        known.add(name);
        Object value = fields.containsKey(name) || behind == null ? fields.get(name) : behind.fields.get(name);
        if (value != null && reading.supported().isRefused(kind + "." + name)) {
            error(name, name + " is not carried out by this build yet");
        }
        return value;
    }

    /** Fields that are not read now but are no mistake. */
    void know(List<String> names) {
        known.addAll(names);
    }

    /** Reports the field as missing if it is not there. */
    void require(String name) {
        required(name);
    }

    private @Nullable Object required(String name) {
        Object value = value(name);
        if (value == null && !isPartial) {
            missing.add(name);
        }
        return value;
    }

    String text(String name) {
        return textOf(name, required(name)).orElse("");
    }

    Optional<String> optionalText(String name) {
        return textOf(name, value(name));
    }

    private Optional<String> textOf(String name, @Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            boolean isScalar = value instanceof BigDecimal || value instanceof Boolean;
            error(name, "expected text but found " + describe(value) + (isScalar ? "; put it in quotes" : ""));
            return Optional.empty();
        }
        if (text.length() > TEXT_LENGTH_MAX) {
            error(name, "text is at most " + TEXT_LENGTH_MAX + " characters, this is " + text.length());
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** Text that is not empty. */
    String words(String name) {
        Optional<String> text = textOf(name, required(name));
        if (text.isPresent() && text.get().isBlank()) {
            error(name, "is empty");
        }
        return text.orElse("");
    }

    Optional<String> optionalWords(String name) {
        return has(name) ? Optional.of(words(name)) : Optional.empty();
    }

    String name(String name, Names names) {
        return checked(name, textOf(name, required(name)), names).orElse("");
    }

    Optional<String> optionalName(String name, Names names) {
        return checked(name, optionalText(name), names);
    }

    private Optional<String> checked(String name, Optional<String> text, Names names) {
        if (text.isPresent() && !names.allow(text.get())) {
            error(name, describe(text.get()) + " is not allowed: " + names.rule());
        }
        return text;
    }

    BigDecimal decimal(String name, DecimalRange range) {
        return decimalOf(name, required(name), range).orElse(BigDecimal.ZERO);
    }

    BigDecimal decimal(String name, BigDecimal fallback, DecimalRange range) {
        return optionalDecimal(name, range).orElse(fallback);
    }

    Optional<BigDecimal> optionalDecimal(String name, DecimalRange range) {
        return decimalOf(name, value(name), range);
    }

    private Optional<BigDecimal> decimalOf(String name, @Nullable Object value, DecimalRange range) {
        return value == null ? Optional.empty() : DecimalRange.read(reading.errors(), path(name), value, range);
    }

    /** A whole number between the two, both taken. */
    Optional<Long> optionalWhole(String name, long least, long most) {
        Optional<BigDecimal> value = optionalDecimal(name, DecimalRange.ANY);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        BigDecimal number = value.get();
        boolean isWhole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
        if (!isWhole
                || number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            error(name, number.toPlainString() + " is not a whole number from " + least + " to " + most);
            return Optional.empty();
        }
        return Optional.of(number.longValueExact());
    }

    long whole(String name, long least, long most) {
        required(name);
        return optionalWhole(name, least, most).orElse(least);
    }

    boolean flag(String name) {
        Object value = value(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        error(name, "expected true or false but found " + describe(value));
        return false;
    }

    /** One of a closed set of words. */
    String word(String name, List<String> words) {
        required(name);
        return optionalWord(name, words).orElse(words.get(0));
    }

    Optional<String> optionalWord(String name, List<String> words) {
        Optional<String> text = optionalText(name);
        if (text.isEmpty()) {
            return text;
        }
        String word = text.get();
        if (!words.contains(word)) {
            error(name, describe(word) + " is none of " + String.join(", ", words) + suggestion(word, words));
            return Optional.empty();
        }
        if (reading.supported().isRefused(kind + "." + name + "=" + word)) {
            error(name, name + " " + word + " is not carried out by this build yet");
        }
        return text;
    }

    Instant instant(String name) {
        required(name);
        return optionalInstant(name).orElse(Instant.EPOCH);
    }

    /** An instant on a whole UTC hour. */
    Optional<Instant> optionalInstant(String name) {
        Optional<String> text = optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> instant = InstantText.parse(text.get());
        if (instant.isEmpty()) {
            error(
                    name,
                    describe(text.get())
                            + " is not an instant: write date, time and offset as in 2026-04-01T00:00:00Z (RFC 3339)");
        } else if (!HourWindow.isWholeHour(instant.get())) {
            error(name, text.get() + " is not on a whole UTC hour");
            return Optional.empty();
        }
        return instant;
    }

    /** One element of a list with its path. */
    record Element(String path, Object tree) {}

    List<Element> list(String name) {
        return listOf(name, required(name));
    }

    List<Element> optionalList(String name) {
        return listOf(name, value(name));
    }

    private List<Element> listOf(String name, @Nullable Object value) {
        List<Element> elements = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String at = path(name) + "[" + i + "]";
                Object tree = list.get(i);
                if (tree == null) {
                    reading.errors().add(at, "is empty");
                } else {
                    elements.add(new Element(at, tree));
                }
            }
        } else if (value != null) {
            error(name, "expected a list but found " + describe(value));
        }
        return elements;
    }

    /** A reader of the object in a field; empty when there is none. */
    Optional<FieldReader> optionalObject(String name, String objectKind) {
        Object value = value(name);
        return value == null ? Optional.empty() : Optional.of(of(reading, objectKind, path(name), value));
    }

    /** The entries of an object whose names are the writer's own; empty when there is none. */
    Map<?, ?> optionalEntries(String name) {
        Object value = value(name);
        if (value == null) {
            return NOTHING;
        }
        if (value instanceof Map<?, ?> entries) {
            return entries;
        }
        error(name, "expected names and their values but found " + describe(value));
        return NOTHING;
    }

    /** Ends the reading: reports what is missing, and fields that nobody asked for. A misspelt field is not reported as a missing one too. */
    void close() {
        for (Object key : fields.keySet()) {
            String name = String.valueOf(key);
            if (known.contains(name)) {
                continue;
            }
            Optional<String> meant = Suggestion.of(name, absent());
            meant.filter(missing::remove).ifPresent(field -> reading.errors().markBroken(path(field)));
            reading.errors()
                    .add(
                            path(name),
                            phrase(kind) + (kind.endsWith("s") ? " have" : " has") + " no field " + describe(name)
                                    + meant.map(field -> "; did you mean " + field + "?")
                                            .orElse("; its fields are " + String.join(", ", known)));
        }
        for (String name : missing) {
            error(name, "is missing" + (behind == null ? "" : ": neither this row nor the charge has it"));
        }
    }

    /** Whether there is a list in a field that nobody asked for. */
    boolean hasUnknownList() {
        return fields.entrySet().stream()
                .anyMatch(field ->
                        field.getValue() instanceof List<?> && !known.contains(String.valueOf(field.getKey())));
    }

    private List<String> absent() {
        return known.stream().filter(name -> !fields.containsKey(name)).toList();
    }

    private static String suggestion(String word, List<String> words) {
        return Suggestion.of(word, words)
                .map(meant -> "; did you mean " + meant + "?")
                .orElse("");
    }

    private static String phrase(String kind) {
        return kind.endsWith("s") ? kind : "a " + kind;
    }

    /** A value as an error message shows it. */
    static String describe(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + (text.length() > 64 ? text.substring(0, 60) + "…" : text) + "\"";
        }
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof BigDecimal number) {
            String digits = number.toPlainString();
            return "the number " + (digits.length() > 64 ? digits.substring(0, 60) + "…" : digits);
        }
        return value == null ? "nothing" : value.toString();
    }
}

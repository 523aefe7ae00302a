package io.tallystick.schemas.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A path into an event's JSON data: the part of JSONPath (RFC 9535) that names exactly one place, {@code $.a.b}, {@code $['a b'][0]}.
 * Wildcards, filters, slices, negative indices and descendants could name several places and are refused by the catalogue.
 *
 * @param text the shortest way to write the path: with a dot where the name needs no quotes
 * @param steps member names (text) and array indices (numbers, not negative), in order; empty for {@code $}, the data itself
 */
public record DataPath(String text, List<Step> steps) implements Comparable<DataPath> {

    /** One step: exactly one of a member name or an index. */
    public sealed interface Step {}

    public record Member(String name) implements Step {}

    public record Index(int index) implements Step {}

    public DataPath {
        steps = List.copyOf(steps);
    }

    /** Reads a path; an IllegalArgumentException says, for whoever wrote it, what is wrong and what is taken. */
    public static DataPath parse(String text) {
        return of(DataPathParser.steps(text));
    }

    /** The path of one top-level member: {@code $.name}. */
    public static DataPath ofMember(String name) {
        return of(List.of(new Member(name)));
    }

    public static DataPath of(List<Step> steps) {
        StringBuilder text = new StringBuilder("$");
        for (Step step : steps) {
            if (step instanceof Index index) {
                text.append('[').append(index.index()).append(']');
            } else {
                append(((Member) step).name(), text);
            }
        }
        return new DataPath(text.toString(), steps);
    }

    private static void append(String name, StringBuilder text) {
        boolean isPlain = !name.isEmpty() && !(name.charAt(0) >= '0' && name.charAt(0) <= '9') && name.charAt(0) != '-';
        if (isPlain && name.chars().allMatch(c -> DataPathParser.isNameCharacter((char) c))) {
            text.append('.').append(name);
            return;
        }
        text.append("['");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\'' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append("']");
    }

    @Override
    public int compareTo(DataPath other) {
        return text.compareTo(other.text);
    }

    /** Equal when they name the same place, however written. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DataPath path && steps.equals(path.steps);
    }

    @Override
    public int hashCode() {
        return Objects.hash(steps);
    }
}

package io.tallystick.schemas.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A path into an event's JSON data: the part of JSONPath (RFC 9535) that names exactly one place, {@code $.a.b}, {@code $['a b'][0]}.
 * Wildcards, filters, slices, negative indices and descendants could name several places and are refused by the catalogue.
 *
 * @param text as the catalogue wrote it
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

    /** The path of one top-level member: {@code $.name}. */
    public static DataPath ofMember(String name) {
        return new DataPath("$." + name, List.of(new Member(name)));
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

package io.tallystick.schemas.value;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One combination of dimension values of a meter, sorted by dimension name. A missing value is "". Immutable. */
public final class Dimensions implements Comparable<Dimensions> {

    public static final Dimensions NONE = new Dimensions(Collections.emptySortedMap());

    private final SortedMap<String, String> values;
    /** Part of the key of every look-up, so worked out once. */
    private final int hash;

    private Dimensions(SortedMap<String, String> values) {
        this.values = values;
        this.hash = values.hashCode();
    }

    public static Dimensions of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Dimensions(Collections.unmodifiableSortedMap(new TreeMap<>(values)));
    }

    /** By dimension name; cannot be changed. */
    public SortedMap<String, String> values() {
        return values;
    }

    /** The value of {@code dimension}, "" when there is none. */
    public String get(String dimension) {
        return values.getOrDefault(dimension, "");
    }

    /** Only the named dimensions (those that are missing become ""). */
    public Dimensions only(Iterable<String> names) {
        TreeMap<String, String> kept = new TreeMap<>();
        for (String name : names) {
            kept.put(name, get(name));
        }
        return of(kept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Dimensions dimensions
                        && hash == dimensions.hash
                        && values.equals(dimensions.values));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return values.toString();
    }

    /** Ordered by names and values, element by element: the order of lines on an invoice. */
    @Override
    public int compareTo(Dimensions other) {
        var left = values.entrySet().iterator();
        var right = other.values.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            var a = left.next();
            var b = right.next();
            int order = a.getKey().compareTo(b.getKey());
            order = order != 0 ? order : a.getValue().compareTo(b.getValue());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }
}

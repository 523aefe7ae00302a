package io.tallystick.schemas.value;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One combination of dimension values of a meter, sorted by dimension name. A missing value is "". */
public record Dimensions(SortedMap<String, String> values) implements Comparable<Dimensions> {

    public static final Dimensions NONE = new Dimensions(Collections.emptySortedMap());

    public Dimensions {
        if (!values.isEmpty()) {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        }
    }

    public static Dimensions of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Dimensions(new TreeMap<>(values));
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

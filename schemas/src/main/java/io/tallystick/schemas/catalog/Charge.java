package io.tallystick.schemas.catalog;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One priced thing in a plan: a fee, or a meter with a price.
 *
 * @param meter null for a fee
 * @param price of the charge itself, which bills only when there is no matrix; with one, what only the rows give is zero or empty here
 * @param where by dimension, the values that are billed; all must hold
 * @param groupBy dimensions whose values are lines of their own
 * @param matrix rows by dimension values, each with the charge's price and what it replaces in it
 */
public record Charge(
        String charge,
        String description,
        @Nullable String meter,
        Price price,
        SortedMap<String, List<String>> where,
        List<String> groupBy,
        List<MatrixRow> matrix,
        Timing timing,
        boolean prorate) {

    public enum Timing {
        IN_ADVANCE,
        IN_ARREARS
    }

    /** One row of a price matrix; an empty {@code where} takes what is left. */
    public record MatrixRow(SortedMap<String, List<String>> where, Price price) {
        public MatrixRow {
            where = copyOf(where);
        }
    }

    public Charge {
        where = copyOf(where);
        groupBy = List.copyOf(groupBy);
        matrix = List.copyOf(matrix);
    }

    private static SortedMap<String, List<String>> copyOf(SortedMap<String, List<String>> where) {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        where.forEach((name, texts) -> copy.put(name, List.copyOf(texts)));
        return Collections.unmodifiableSortedMap(copy);
    }
}

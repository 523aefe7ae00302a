package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge.MatrixRow;
import io.tallystick.schemas.value.Dimensions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the row of a price matrix that takes a dimension combination: all its keys match, most keys win, then the first. Rows are looked up by their
 * values and not tried one after the other, so that a matrix of thousands costs as little as one of ten.
 */
final class MatrixRows {

    /** What {@link #of} answers when no row takes a combination. */
    static final int NONE = Integer.MAX_VALUE;

    /** A row that stands for more combinations of values than this is compared instead of looked up. */
    private static final int COMBINATIONS_MAX = 64;

    /** The rows with conditions on the same dimensions. */
    private static final class Shape {
        private final List<String> names;
        private final Map<List<String>, Integer> byValues = new HashMap<>();
        private final List<Integer> wide = new ArrayList<>();

        private Shape(List<String> names) {
            this.names = names;
        }
    }

    private final List<MatrixRow> rows;
    /** By number of conditions, the most first. */
    private final List<List<Shape>> shapes;

    MatrixRows(List<MatrixRow> rows) {
        this.rows = rows;
        SortedMap<Integer, Map<List<String>, Shape>> bySize = new TreeMap<>((one, other) -> other - one);
        for (int i = 0; i < rows.size(); i++) {
            List<String> names = List.copyOf(rows.get(i).where().keySet());
            Shape shape = bySize.computeIfAbsent(names.size(), size -> new HashMap<>())
                    .computeIfAbsent(names, Shape::new);
            add(shape, i);
        }
        this.shapes = bySize.values().stream()
                .map(sameSize -> List.copyOf(sameSize.values()))
                .toList();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The row's index, or {@link #NONE}. */
    int of(Dimensions dimensions) {
        for (List<Shape> sameSize : shapes) {
            int first = NONE;
            for (Shape shape : sameSize) {
                first = Math.min(first, firstOf(shape, dimensions));
            }
            if (first != NONE) {
                return first;
            }
        }
        return NONE;
    }

    private int firstOf(Shape shape, Dimensions dimensions) {
        List<String> values = shape.names.stream().map(dimensions::get).toList();
        int first = shape.byValues.getOrDefault(values, NONE);
        for (int row : shape.wide) {
            if (row < first && matches(rows.get(row).where(), dimensions)) {
                first = row;
            }
        }
        return first;
    }

    private void add(Shape shape, int row) {
        List<List<String>> combinations = new ArrayList<>(List.of(List.of()));
        for (List<String> choices : rows.get(row).where().values()) {
            if (combinations.size() * choices.size() > COMBINATIONS_MAX) {
                shape.wide.add(row);
                return;
            }
            List<List<String>> longer = new ArrayList<>();
            for (List<String> begun : combinations) {
                for (String choice : choices) {
                    List<String> values = new ArrayList<>(begun);
                    values.add(choice);
                    longer.add(values);
                }
            }
            combinations = longer;
        }
        combinations.forEach(values -> shape.byValues.putIfAbsent(values, row));
    }

    /** Whether a combination has one of the values of every condition. */
    static boolean matches(SortedMap<String, List<String>> where, Dimensions dimensions) {
        for (Map.Entry<String, List<String>> condition : where.entrySet()) {
            if (!condition.getValue().contains(dimensions.get(condition.getKey()))) {
                return false;
            }
        }
        return true;
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.value.Dimensions;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A charge's usage, by what becomes a line of its own: each dimension combination goes to the one matrix row whose keys all match (most keys win, then the
 * first), and there to its {@code groupBy} values.
 */
final class UsageGroups {

    /**
     * One group.
     *
     * @param row index into the charge's matrix, {@link MatrixRows#NONE}, or 0 when there is no matrix
     * @param values of the {@code groupBy} dimensions
     */
    record Key(int row, Dimensions values) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparingInt(Key::row).thenComparing(Key::values);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Charge charge;
    private final MatrixRows rows;

    UsageGroups(Charge charge) {
        this.charge = charge;
        this.rows = new MatrixRows(charge.matrix());
    }

    /** Only groups with usage, in a fixed order; what the charge's own {@code where} leaves out is in none. */
    SortedMap<Key, RangeUsage> of(SortedMap<Dimensions, RangeUsage> usage) {
        SortedMap<Key, RangeUsage> groups = new TreeMap<>();
        usage.forEach((dimensions, aggregate) -> {
            if (takes(dimensions)) {
                groups.merge(keyOf(dimensions), aggregate, RangeUsage::merge);
            }
        });
        return groups;
    }

    /** Whether the charge bills usage with these dimensions at all. */
    boolean takes(Dimensions dimensions) {
        return MatrixRows.matches(charge.where(), dimensions);
    }

    /** The price of a group that has one. */
    Price price(Key key) {
        return charge.matrix().isEmpty()
                ? charge.price()
                : charge.matrix().get(key.row()).price();
    }

    /** Of the usage that no row takes: those of the matrix's dimensions that all of it has one value of, besides the group's own. */
    Dimensions inCommon(Iterable<Dimensions> usage, Key key) {
        SortedMap<String, Set<String>> seen = new TreeMap<>();
        for (Dimensions dimensions : usage) {
            if (takes(dimensions) && keyOf(dimensions).equals(key)) {
                charge.matrix().stream()
                        .flatMap(row -> row.where().keySet().stream())
                        .forEach(name -> seen.computeIfAbsent(name, any -> new TreeSet<>())
                                .add(dimensions.get(name)));
            }
        }
        TreeMap<String, String> common = new TreeMap<>();
        seen.forEach((name, values) -> {
            if (values.size() == 1) {
                common.put(name, values.iterator().next());
            }
        });
        common.putAll(key.values().values());
        return Dimensions.of(common);
    }

    Key keyOf(Dimensions dimensions) {
        Dimensions values = charge.groupBy().isEmpty() ? Dimensions.NONE : dimensions.only(charge.groupBy());
        return new Key(rows.isEmpty() ? 0 : rows.of(dimensions), values);
    }
}

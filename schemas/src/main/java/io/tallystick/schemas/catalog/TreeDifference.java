package io.tallystick.schemas.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One place where two trees differ.
 *
 * @param path below the trees, {@code plans[0].charges[1].unitPrice}
 * @param before null when there was nothing
 * @param after null when there is nothing any more
 */
record TreeDifference(
        String path, @Nullable Object before, @Nullable Object after) {

    /** All places, in the order of their paths' fields. */
    static List<TreeDifference> between(@Nullable Object before, @Nullable Object after) {
        List<TreeDifference> differences = new ArrayList<>();
        collect("", before, after, differences);
        return differences;
    }

    private static void collect(
            String path, @Nullable Object before, @Nullable Object after, List<TreeDifference> differences) {
        if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            TreeSet<String> names = new TreeSet<>();
            one.keySet().forEach(name -> names.add(String.valueOf(name)));
            other.keySet().forEach(name -> names.add(String.valueOf(name)));
            for (String name : names) {
                collect(path.isEmpty() ? name : path + "." + name, one.get(name), other.get(name), differences);
            }
        } else if (before instanceof List<?> one && after instanceof List<?> other) {
            for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
                collect(
                        path + "[" + i + "]",
                        i < one.size() ? one.get(i) : null,
                        i < other.size() ? other.get(i) : null,
                        differences);
            }
        } else if (!Objects.equals(before, after)) {
            differences.add(new TreeDifference(path, before, after));
        }
    }

    /** The field of the trees themselves that the place is in. */
    String field() {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        return path.substring(0, end);
    }
}

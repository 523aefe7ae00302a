package io.tallystick.aggregator.usage;

import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.value.Dimensions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A question about one tenant's usage of one meter.
 *
 * @param from where the range begins; null: with the first usage
 * @param to where it ends, exclusive; null: with the hour of the last usage
 * @param windowSize what the range is cut into; null: one window, the range itself
 * @param zone in which days and months begin
 * @param groupBy the dimensions to split by, in the order asked for
 * @param filters by dimension, the values to take
 */
public record UsageQuery(
        Meter meter,
        String tenant,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable WindowSize windowSize,
        ZoneId zone,
        List<String> groupBy,
        SortedMap<String, Set<String>> filters) {

    public UsageQuery {
        groupBy = List.copyOf(groupBy);
        filters = new TreeMap<>(filters);
    }

    boolean takes(Dimensions dimensions) {
        for (Map.Entry<String, Set<String>> filter : filters.entrySet()) {
            if (!filter.getValue().contains(dimensions.get(filter.getKey()))) {
                return false;
            }
        }
        return true;
    }

    Dimensions groupOf(Dimensions dimensions) {
        return dimensions.only(groupBy);
    }
}

package io.tallystick.rater.stream;

import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Which tenants have to be rated again before the next commit, and which of their hours changed. In order of tenants. */
final class DirtyTenants {

    /**
     * Hours from {@code first} to {@code last}, both included.
     *
     * @param timestamp of the record that brought it about
     * @param usedAt the same if that was usage, else {@link #NEVER}
     */
    record Hours(long first, long last, long timestamp, long usedAt) {

        static final long NEVER = 0;

        static Hours all(long timestamp) {
            return new Hours(Long.MIN_VALUE, Long.MAX_VALUE, timestamp, NEVER);
        }

        /** What starts at this hour or later. */
        static Hours from(long first, long timestamp) {
            return new Hours(first, Long.MAX_VALUE, timestamp, NEVER);
        }

        boolean touch(Period period) {
            return HourWindow.hourOf(period.start()) <= last && first < HourWindow.hourOf(period.end());
        }

        Hours and(Hours other) {
            return new Hours(
                    Math.min(first, other.first),
                    Math.max(last, other.last),
                    Math.max(timestamp, other.timestamp),
                    Math.max(usedAt, other.usedAt));
        }
    }

    private final SortedMap<String, Hours> byTenant = new TreeMap<>();

    void add(String tenant, Hours hours) {
        byTenant.merge(tenant, hours, Hours::and);
    }

    /** Forgets everything. */
    void clear() {
        byTenant.clear();
    }

    /** What changed of one tenant, which counts as rated from now on; null when nothing did. */
    @Nullable
    Hours take(String tenant) {
        return byTenant.remove(tenant);
    }

    /** Takes every tenant in order and rates it. */
    void drain(BiConsumer<String, Hours> rate) {
        while (!byTenant.isEmpty()) {
            String tenant = byTenant.firstKey();
            rate.accept(tenant, Objects.requireNonNull(byTenant.remove(tenant)));
        }
    }
}

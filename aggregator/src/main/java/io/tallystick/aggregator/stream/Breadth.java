package io.tallystick.aggregator.stream;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** How many dimension combinations each of a tenant's meters has in each hour, so that there is an end to them. */
final class Breadth {

    private final String tenant;
    private final int max;
    private final KeyValueStore<Bytes, byte[]> index;
    private final Map<TotalsKey, int[]> known = new HashMap<>();
    private final Map<TotalsKey, int[]> changed = new LinkedHashMap<>();

    Breadth(String tenant, int max, KeyValueStore<Bytes, byte[]> index) {
        this.tenant = tenant;
        this.max = max;
        this.index = index;
    }

    /** Counts one combination more, unless there are as many as there may be. */
    boolean admit(String meter, int day, int slot) {
        // No meter is named so: these rows never meet those of the levels.
        TotalsKey key = new TotalsKey(tenant, "#" + meter, day, Dimensions.NONE);
        int[] counts = known.computeIfAbsent(key, this::load);
        if (counts[slot] >= max) {
            return false;
        }
        counts[slot]++;
        changed.put(key, counts);
        return true;
    }

    void flush() {
        changed.forEach((key, counts) -> index.put(key.bytes(), encode(counts)));
        changed.clear();
    }

    private int[] load(TotalsKey key) {
        int[] counts = new int[HourWindow.HOURS_PER_DAY];
        byte @Nullable [] row = index.get(key.bytes());
        if (row != null) {
            ByteBuffer buffer = ByteBuffer.wrap(row);
            Arrays.setAll(counts, slot -> Varint.get(buffer));
        }
        return counts;
    }

    private static byte[] encode(int[] counts) {
        ByteBuffer buffer = ByteBuffer.allocate(counts.length * Varint.LENGTH_MAX);
        for (int count : counts) {
            Varint.put(count, buffer);
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}

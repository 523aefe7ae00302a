package io.tallystick.ingest.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;

/** The gapless sequence of each tenant of one partition: counted on the heap, made durable before each commit. */
final class Sequences {

    private static final int TENANTS_ON_HEAP_MAX = 100_000;

    private final KeyValueStore<String, Long> store;
    private final Map<String, long[]> last = new HashMap<>();
    private final Map<String, long[]> dirty = new HashMap<>();

    Sequences(KeyValueStore<String, Long> store) {
        this.store = store;
    }

    long next(String tenant) {
        long[] counter = counter(tenant);
        dirty.put(tenant, counter);
        return ++counter[0];
    }

    private long[] counter(String tenant) {
        long[] counter = last.get(tenant);
        if (counter == null) {
            Long stored = store.get(tenant);
            counter = new long[] {stored == null ? 0 : stored};
            last.put(tenant, counter);
        }
        return counter;
    }

    /** Whether a sequence that was given elsewhere is the tenant's next, and so is given now; false when it was given before. */
    boolean takes(String tenant, long sequence) {
        long next = counter(tenant)[0] + 1;
        if (sequence == next) {
            return next(tenant) == sequence;
        }
        if (sequence > next) {
            throw new IllegalStateException("tenant " + tenant + " goes on with " + sequence + " instead of " + next);
        }
        return false;
    }

    void beforeCommit() {
        dirty.forEach((tenant, counter) -> store.put(tenant, counter[0]));
        dirty.clear();
        if (last.size() > TENANTS_ON_HEAP_MAX) {
            last.clear();
        }
    }
}

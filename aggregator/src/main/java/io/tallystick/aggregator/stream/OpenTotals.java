package io.tallystick.aggregator.stream;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The tenants that one task holds on the heap, about as much as the limits let it; what is not here is in the stores. */
final class OpenTotals {

    private static final int INITIAL_CAPACITY = 64;
    private static final float LOAD_FACTOR = 0.75f;

    private final AggregatorStores stores;
    private final AggregatorLimits limits;
    private final Map<String, OpenTenant> tenants = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);
    private final Set<OpenTenant> touched = new LinkedHashSet<>();
    private long heapBytes;

    OpenTotals(AggregatorStores stores, AggregatorLimits limits) {
        this.stores = stores;
        this.limits = limits;
    }

    /** The tenant, which counts as touched from now on. */
    OpenTenant touch(String tenant) {
        OpenTenant open = tenants.get(tenant);
        if (open == null) {
            open = new OpenTenant(tenant, stores, limits.dimensionsPerHourMax());
            tenants.put(tenant, open);
            heapBytes += open.heapBytes();
        }
        touched.add(open);
        return open;
    }

    /** Something now takes so many more bytes on the heap. */
    void grown(int bytes) {
        heapBytes += bytes;
    }

    long heapBytes() {
        return heapBytes;
    }

    int tenants() {
        return tenants.size();
    }

    boolean isFull() {
        return heapBytes > limits.heapBytesPerTask();
    }

    /** Hands over every tenant that was touched since this was last asked, in the order in which they were. */
    void forEachTouched(Consumer<OpenTenant> action) {
        touched.forEach(action);
        touched.clear();
    }

    /** Forgets the tenants that were not used for longest until half of the heap's share is free; nothing may be waiting to be emitted. */
    void makeRoom() {
        Iterator<OpenTenant> leastUsed = tenants.values().iterator();
        while (heapBytes > limits.heapBytesPerTask() / 2 && leastUsed.hasNext()) {
            heapBytes -= leastUsed.next().heapBytes();
            leastUsed.remove();
        }
    }
}

package io.tallystick.ingest.stream;

import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The closes that were asked for and not yet written into the log, of the partitions that this instance holds. */
public final class PendingCloses {

    /**
     * A close that waits.
     *
     * @param partition of its tenant
     */
    public record Pending(int partition, CloseRequested request) {}

    private final Map<String, Pending> byKey = new ConcurrentHashMap<>();

    void add(String key, int partition, CloseRequested request) {
        byKey.put(key, new Pending(partition, request));
    }

    void remove(String key) {
        byKey.remove(key);
    }

    void left(int partition) {
        byKey.values().removeIf(pending -> pending.partition() == partition);
    }

    /** By key, in order: tenant, subscription, start, attempt. */
    public Map<String, Pending> view() {
        return new TreeMap<>(byKey);
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }
}

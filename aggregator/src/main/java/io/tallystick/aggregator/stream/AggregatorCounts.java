package io.tallystick.aggregator.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the aggregator's tasks of this process have done since it started: written by the tasks, read by whoever asks. */
public final class AggregatorCounts {

    private final LongAdder readings = new LongAdder();
    private final LongAdder totals = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();

    private record Held(long bytes, long tenants) {}

    /** Values that were added to windows. */
    public long readings() {
        return readings.sum();
    }

    /** Totals that were emitted: changed windows, each once per commit. */
    public long totals() {
        return totals.sum();
    }

    /** Hours of a meter in which dimension combinations began to be added up under the overflow value. */
    public long overflows() {
        return overflows.sum();
    }

    /** What open windows take on the heap, about, in bytes. */
    public long heldBytes() {
        return held.values().stream().mapToLong(Held::bytes).sum();
    }

    /** Tenants whose windows are on the heap. */
    public long heldTenants() {
        return held.values().stream().mapToLong(Held::tenants).sum();
    }

    void added(int more) {
        readings.add(more);
    }

    void emitted() {
        totals.increment();
    }

    void overflowed() {
        overflows.increment();
    }

    void holds(int partition, long bytes, long tenants) {
        held.put(partition, new Held(bytes, tenants));
    }

    void left(int partition) {
        held.remove(partition);
    }
}

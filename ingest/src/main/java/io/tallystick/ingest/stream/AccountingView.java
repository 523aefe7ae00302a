package io.tallystick.ingest.stream;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The counts of the partitions that this instance holds, as of the newest commit of each: written by the tasks, read by whoever asks. */
public final class AccountingView {

    private final Map<Integer, Counts> byPartition = new ConcurrentHashMap<>();

    void set(int partition, Counts counts) {
        byPartition.put(partition, counts);
    }

    void left(int partition) {
        byPartition.remove(partition);
    }

    /** By partition, in order. */
    public SortedMap<Integer, Counts> byPartition() {
        return new TreeMap<>(byPartition);
    }
}

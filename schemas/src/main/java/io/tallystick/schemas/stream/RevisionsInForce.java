package io.tallystick.schemas.stream;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which catalogue revision each partition of one stage works under, on this instance: written by the stage's tasks, read by
 * whoever waits for a revision to be in force. A revision counts as soon as the task has taken it, before its commit.
 */
public final class RevisionsInForce {

    private final Map<Integer, Integer> byPartition = new ConcurrentHashMap<>();

    /** A task has taken a revision, or found it in its store when it became active. */
    public void taken(int partition, int revision) {
        byPartition.put(partition, revision);
    }

    /** A task has left this instance. */
    public void left(int partition) {
        byPartition.remove(partition);
    }

    /** The revision of each partition that this instance holds; 0 where none is in force yet. */
    public Map<Integer, Integer> byPartition() {
        return Map.copyOf(byPartition);
    }

    /** The revision that is in force in every partition that this instance holds; empty when it holds none. */
    public OptionalInt least() {
        return byPartition.values().stream().mapToInt(Integer::intValue).min();
    }

    /** Whether every partition that this instance holds works under {@code revision} or a later one. */
    public boolean everywhereAtLeast(int revision) {
        return byPartition.values().stream().allMatch(number -> number >= revision);
    }
}

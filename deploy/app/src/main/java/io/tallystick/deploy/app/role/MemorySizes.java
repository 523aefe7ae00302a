package io.tallystick.deploy.app.role;

import io.tallystick.deploy.app.Failure;
import io.tallystick.ingest.dedup.IdentityMemory;
import io.tallystick.schemas.stream.RocksDbBudget;
import java.lang.management.ManagementFactory;

/**
 * What one process may take beside its ordinary heap, however many identities, tenants and partitions there are. The defaults suit a process
 * of 2 GB with a heap of 1.5 GB.
 *
 * @param identityHeapBytes of the heap, for the newest identities
 * @param identityFilterBytes off the heap, for the filters in front of all other identities
 * @param rocksDbBytes off the heap, for blocks, indexes and write buffers of every store
 */
public record MemorySizes(long identityHeapBytes, long identityFilterBytes, long rocksDbBytes) {

    public static final MemorySizes DEFAULT = new MemorySizes(
            IdentityMemory.HEAP_BYTES_DEFAULT, IdentityMemory.FILTER_BYTES_DEFAULT, RocksDbBudget.BYTES_DEFAULT);

    private static final String REMEDY = "choose other sizes, or another heap with TALLYSTICK_HEAP";

    /** Sets the identities' memory up; a Failure that says which size is wrong. */
    IdentityMemory identities(int partitions) {
        try {
            return IdentityMemory.of(identityHeapBytes, identityFilterBytes, partitions);
        } catch (IllegalArgumentException e) {
            throw Failure.wrongInput("--identity-heap or --identity-filters: " + e.getMessage(), REMEDY, e);
        }
    }

    /** Refuses what cannot work, before anything is started. */
    void requireSound(int partitions) {
        if (rocksDbBytes < RocksDbBudget.BYTES_MIN) {
            throw Failure.wrongInput(
                    "--rocksdb-memory: the stores need at least " + RocksDbBudget.BYTES_MIN + " bytes, not "
                            + rocksDbBytes,
                    REMEDY);
        }
        IdentityMemory checked = identities(partitions);
        long machine = machineBytes();
        long offHeap = checked.filterBytesMax() + rocksDbBytes;
        if (rocksDbBytes > machine || offHeap > machine) {
            throw Failure.wrongInput(
                    "--identity-filters and --rocksdb-memory: " + offHeap
                            + " bytes off the heap are more than this machine has, " + machine,
                    REMEDY);
        }
    }

    /** Of the container, where there is one. */
    private static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}

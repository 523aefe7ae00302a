package io.tallystick.ingest.dedup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What the identity stores of one process may take together, however many partitions it holds and however many identities there
 * are: heap for the recent ones, and memory off the heap for the filters of all others. When the filters' share is used up, runs
 * get smaller filters and then none, which costs reads and nothing else.
 */
public final class IdentityMemory {

    /** Heap of the recent identities, for a process of 2 GB. */
    public static final long HEAP_BYTES_DEFAULT = 96L << 20;

    /** Filters off the heap, for a process of 2 GB: 100 million identities at 16 bits, and room to merge. */
    public static final long FILTER_BYTES_DEFAULT = 256L << 20;

    /** Some 36 MB, for each stream thread that opens a partition: more makes runs no better. */
    private static final int LOADING_SLOTS_MAX = 1 << 19;

    /** Filters are given out in pieces of this size. */
    static final int PIECE_BYTES = 128 << 10;

    private final int slots;
    private final int loadingSlots;
    private final long piecesMax;
    private final Deque<LongBuffer> free = new ArrayDeque<>();
    private long pieces;
    private final Executor merging;

    private IdentityMemory(int slots, int loadingSlots, long piecesMax, Executor merging) {
        this.slots = slots;
        this.loadingSlots = loadingSlots;
        this.piecesMax = piecesMax;
        this.merging = merging;
    }

    /** The default sizes. */
    public static IdentityMemory standard(int partitions) {
        return of(HEAP_BYTES_DEFAULT, FILTER_BYTES_DEFAULT, partitions);
    }

    /**
     * Refuses sizes that cannot work with an IllegalArgumentException that says which.
     *
     * @param heapBytes shared by all partitions, since one process may come to hold them all
     */
    public static IdentityMemory of(long heapBytes, long filterBytes, int partitions) {
        long slots = heapBytes / partitions / RecentTable.BYTES_PER_SLOT;
        if (slots < RecentTable.SLOTS_MIN) {
            throw new IllegalArgumentException("the recent identities of " + partitions + " partitions need at least "
                    + (long) partitions * RecentTable.SLOTS_MIN * RecentTable.BYTES_PER_SLOT + " bytes of heap, not "
                    + heapBytes);
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (heapBytes > heap / 2) {
            throw new IllegalArgumentException(
                    "the recent identities may take at most half of the heap of " + heap + " bytes, not " + heapBytes);
        }
        if (filterBytes < PIECE_BYTES) {
            throw new IllegalArgumentException(
                    "the identity filters need at least " + PIECE_BYTES + " bytes, not " + filterBytes);
        }
        if (filterBytes > heap) {
            throw new IllegalArgumentException(
                    "the identity filters may take as much memory off the heap as the heap has, " + heap
                            + " bytes, not " + filterBytes);
        }
        ThreadPoolExecutor merging =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "tallystick-identity-merge");
                    thread.setDaemon(true);
                    return thread;
                });
        merging.allowCoreThreadTimeOut(true);
        int slotsOfOne = powerOfTwo(slots);
        long loadingMax = Math.min(heapBytes / 2 / RecentTable.BYTES_PER_SLOT, LOADING_SLOTS_MAX);
        int loadingSlots = Math.max(slotsOfOne, powerOfTwo(loadingMax));
        return new IdentityMemory(slotsOfOne, loadingSlots, filterBytes / PIECE_BYTES, merging);
    }

    private static int powerOfTwo(long slotsMax) {
        return Integer.highestOneBit((int) Math.min(slotsMax, RecentTable.SLOTS_MAX));
    }

    /** Slots of the table that a partition's identities are sorted in while they are read from its store: fewer and larger runs. */
    int loadingSlots() {
        return loadingSlots;
    }

    /** Slots of one partition's recent table. */
    int slots() {
        return slots;
    }

    /** Runs are merged here, one after the other for the whole process. */
    Executor merging() {
        return merging;
    }

    /** As many pieces as asked for, zeroed, or as many as are left. */
    synchronized List<LongBuffer> take(long asked) {
        long given = Math.min(asked, piecesMax - pieces);
        List<LongBuffer> taken = new ArrayList<>((int) given);
        for (long i = 0; i < given; i++) {
            LongBuffer piece = free.poll();
            if (piece == null) {
                piece = ByteBuffer.allocateDirect(PIECE_BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asLongBuffer();
            } else {
                for (int at = 0; at < piece.capacity(); at++) {
                    piece.put(at, 0);
                }
            }
            taken.add(piece);
        }
        pieces += given;
        return taken;
    }

    synchronized void giveBack(List<LongBuffer> taken) {
        free.addAll(taken);
        pieces -= taken.size();
    }

    /** Bytes of filters that may be in use at one time. */
    public long filterBytesMax() {
        return piecesMax * PIECE_BYTES;
    }

    /** Bytes of filters now in use. */
    public synchronized long filterBytes() {
        return pieces * PIECE_BYTES;
    }
}

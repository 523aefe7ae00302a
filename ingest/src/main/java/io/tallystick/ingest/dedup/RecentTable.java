package io.tallystick.ingest.dedup;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The newest identities, on the heap: open addressing over bytes, of a fixed size. Identities are hashes already, so their first bits are their place. */
final class RecentTable {

    /** Room on the heap for each slot, with what sorting it out takes for a moment. */
    static final int BYTES_PER_SLOT = EntryBytes.SIZE + 1 + Long.BYTES + EntryBytes.SIZE * 2 / 3;

    static final int SLOTS_MIN = 1 << 10;
    static final int SLOTS_MAX = 1 << 22;

    private final byte[] entries;
    private final boolean[] used;
    private final int slots;
    private final int shift;
    private final int sizeMax;
    private int size;

    /** @param slots a power of two */
    RecentTable(int slots) {
        if (slots < SLOTS_MIN || slots > SLOTS_MAX || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("not a table size: " + slots);
        }
        this.slots = slots;
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
        this.sizeMax = slots / 3 * 2;
        this.entries = new byte[slots * EntryBytes.SIZE];
        this.used = new boolean[slots];
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size >= sizeMax;
    }

    @Nullable
    Entry find(long high, long low) {
        int slot = slot(high, low);
        return used[slot] ? EntryBytes.entry(entries, slot * EntryBytes.SIZE) : null;
    }

    /** Takes the entry in place of an earlier one of the same identity. The table must not be full. */
    void put(byte[] bytes, int at) {
        int slot = slot(EntryBytes.high(bytes, at), EntryBytes.low(bytes, at));
        if (!used[slot]) {
            used[slot] = true;
            size++;
        }
        System.arraycopy(bytes, at, entries, slot * EntryBytes.SIZE, EntryBytes.SIZE);
    }

    /** Takes every entry of {@code other}, which must fit. */
    void putAll(RecentTable other) {
        for (int slot = 0; slot < other.slots; slot++) {
            if (other.used[slot]) {
                put(other.entries, slot * EntryBytes.SIZE);
            }
        }
    }

    /** Where the identity is, or where it would go. */
    private int slot(long high, long low) {
        int slot = (int) (high >>> shift);
        while (used[slot]) {
            int at = slot * EntryBytes.SIZE;
            if (EntryBytes.high(entries, at) == high && EntryBytes.low(entries, at) == low) {
                return slot;
            }
            slot = (slot + 1) & (slots - 1);
        }
        return slot;
    }

    /** All entries in the order of runs. */
    byte[] sorted() {
        // The first bits of the identity above the slot's number: sorts as primitives, and almost always right.
        long[] order = new long[size];
        long mask = slots - 1L;
        int count = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (used[slot]) {
                long high = EntryBytes.high(entries, slot * EntryBytes.SIZE) ^ Long.MIN_VALUE;
                order[count++] = (high & ~mask) | slot;
            }
        }
        Arrays.sort(order);
        byte[] sorted = new byte[size * EntryBytes.SIZE];
        byte[] moving = new byte[EntryBytes.SIZE];
        for (int i = 0; i < size; i++) {
            int from = (int) (order[i] & mask) * EntryBytes.SIZE;
            int to = i * EntryBytes.SIZE;
            System.arraycopy(entries, from, moving, 0, EntryBytes.SIZE);
            while (to > 0 && EntryBytes.compare(sorted, to - EntryBytes.SIZE, moving, 0) > 0) {
                System.arraycopy(sorted, to - EntryBytes.SIZE, sorted, to, EntryBytes.SIZE);
                to -= EntryBytes.SIZE;
            }
            System.arraycopy(moving, 0, sorted, to, EntryBytes.SIZE);
        }
        return sorted;
    }

    void clear() {
        Arrays.fill(used, false);
        size = 0;
    }
}

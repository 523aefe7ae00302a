package io.tallystick.ingest.dedup;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The durable form of all identities of a partition, in a store that Kafka keeps a changelog of. A commit with few new ones adds a
 * small delta record under a key that is used again; when {@value #ENTRIES_PER_BLOCK} are together they become a block, which stays
 * until the day of its newest entry is forgotten. Deltas in front of the last block are void.
 *
 * <p>Keys: {@code b} day sequence → entries; {@code d} slot → sequence, entries; {@code s} → sequence that the next block begins
 * with; {@code f} → the record time before which entries have been forgotten. All big-endian.
 */
final class BlockLog {

    static final int ENTRIES_PER_BLOCK = 200;

    static final int BLOCK_BYTES = ENTRIES_PER_BLOCK * EntryBytes.SIZE;
    /** More than there can be deltas between two blocks. */
    private static final int SLOTS = 256;

    private static final long DAY_MS = 86_400_000;
    static final Bytes SEALED = Bytes.wrap(new byte[] {'s'});
    private static final Bytes FORGOTTEN = Bytes.wrap(new byte[] {'f'});

    private static final Bytes FIRST_BLOCK = blockKey(0, 0);
    private static final Bytes LAST_BLOCK = blockKey(Integer.MAX_VALUE, Long.MAX_VALUE);

    private final KeyValueStore<Bytes, byte[]> store;
    private final byte[] unsealed = new byte[BLOCK_BYTES];
    private int unsealedBytes;
    private long sealed;
    private int slot;
    private long forgottenBefore;
    private long forgottenDay;

    /** Takes entries as they lie in a block. */
    interface Taker {
        void take(byte[] bytes, int at);
    }

    BlockLog(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        this.sealed = stored(SEALED, 0);
        this.forgottenBefore = stored(FORGOTTEN, Long.MIN_VALUE);
        this.forgottenDay = forgottenBefore == Long.MIN_VALUE ? 0 : forgottenBefore / DAY_MS;
        readDeltas();
    }

    private long stored(Bytes key, long otherwise) {
        byte @Nullable [] value = store.get(key);
        return value == null ? otherwise : ByteBuffer.wrap(value).getLong();
    }

    private void store(Bytes key, long value) {
        store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** Everything that is remembered, of one identity the newest last. */
    void readAll(Taker taker) {
        try (KeyValueIterator<Bytes, byte[]> blocks = store.range(FIRST_BLOCK, LAST_BLOCK)) {
            while (blocks.hasNext()) {
                byte[] block = blocks.next().value;
                requireWhole(block.length);
                for (int at = 0; at < block.length; at += EntryBytes.SIZE) {
                    taker.take(block, at);
                }
            }
        }
        for (int at = 0; at < unsealedBytes; at += EntryBytes.SIZE) {
            taker.take(unsealed, at);
        }
    }

    private void readDeltas() {
        TreeMap<Long, byte[]> deltas = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> slots = store.range(deltaKey(0), deltaKey(SLOTS - 1))) {
            while (slots.hasNext()) {
                KeyValue<Bytes, byte[]> delta = slots.next();
                long sequence = ByteBuffer.wrap(delta.value).getLong();
                if (sequence >= sealed && (deltas.isEmpty() || sequence > deltas.lastKey())) {
                    slot = (delta.key.get()[1] & 0xff) + 1;
                }
                if (sequence >= sealed) {
                    deltas.put(sequence, delta.value);
                }
            }
        }
        deltas.forEach((sequence, delta) -> {
            int bytes = delta.length - Long.BYTES;
            requireWhole(bytes);
            if (sequence != sealed + unsealedBytes / EntryBytes.SIZE) {
                throw new IllegalStateException("identity deltas have a gap at " + sequence);
            }
            System.arraycopy(delta, Long.BYTES, unsealed, unsealedBytes, bytes);
            unsealedBytes += bytes;
        });
    }

    /** Whether it outlives the process. */
    boolean isDurable() {
        return store.persistent();
    }

    /**
     * Where the log ends: how many entries it has had, and a CRC-32C of its last ones. An entry says which record it was accepted from, so two
     * logs that end alike are of one history.
     */
    record Ending(long sequence, long checksum) {}

    Ending ending() {
        CRC32C last = new CRC32C();
        try (KeyValueIterator<Bytes, byte[]> newestFirst = store.reverseRange(FIRST_BLOCK, LAST_BLOCK)) {
            while (newestFirst.hasNext()) { // a block of a later day may stand behind the last
                KeyValue<Bytes, byte[]> block = newestFirst.next();
                if (sequenceOf(block.key) == sealed - ENTRIES_PER_BLOCK) {
                    last.update(block.value);
                    break;
                }
            }
        }
        last.update(unsealed, 0, unsealedBytes);
        return new Ending(sealed + unsealedBytes / EntryBytes.SIZE, last.getValue());
    }

    private static void requireWhole(int bytes) {
        if (bytes % EntryBytes.SIZE != 0) {
            throw new IllegalStateException("a block of identities has " + bytes + " bytes");
        }
    }

    /** Makes the entries of one commit durable. */
    void append(byte[] entries, int bytes) {
        if (bytes == 0) {
            return;
        }
        if (unsealedBytes + bytes < BLOCK_BYTES) {
            System.arraycopy(entries, 0, unsealed, unsealedBytes, bytes);
            putDelta(sealed + unsealedBytes / EntryBytes.SIZE, entries, bytes);
            unsealedBytes += bytes;
            return;
        }
        int at = 0;
        while (unsealedBytes + bytes - at >= BLOCK_BYTES) {
            int more = BLOCK_BYTES - unsealedBytes;
            System.arraycopy(entries, at, unsealed, unsealedBytes, more);
            at += more;
            unsealedBytes = 0;
            store.put(blockKey(dayOf(unsealed), sealed), unsealed.clone());
            sealed += ENTRIES_PER_BLOCK;
        }
        store(SEALED, sealed);
        unsealedBytes = bytes - at;
        System.arraycopy(entries, at, unsealed, 0, unsealedBytes);
        if (unsealedBytes > 0) {
            putDelta(sealed, unsealed, unsealedBytes);
        }
    }

    private void putDelta(long sequence, byte[] entries, int bytes) {
        byte[] delta = ByteBuffer.allocate(Long.BYTES + bytes)
                .putLong(sequence)
                .put(entries, 0, bytes)
                .array();
        store.put(deltaKey(slot++ % SLOTS), delta);
    }

    /** Deletes the blocks of whole days in front of a record time. */
    void forget(long before) {
        long day = before / DAY_MS;
        if (before <= 0 || day <= forgottenDay) {
            return;
        }
        forgottenDay = day;
        List<Bytes> old = new ArrayList<>();
        int dayKey = (int) Math.min(day, Integer.MAX_VALUE);
        try (KeyValueIterator<Bytes, byte[]> blocks =
                store.range(blockKey(0, 0), blockKey(dayKey - 1, Long.MAX_VALUE))) {
            while (blocks.hasNext()) {
                old.add(blocks.next().key);
            }
        }
        if (!old.isEmpty()) {
            old.forEach(store::delete);
            forgottenBefore = day * DAY_MS;
            store(FORGOTTEN, forgottenBefore);
        }
    }

    /** Entries with a record time before this may be gone; the smallest long when none is. */
    long forgottenBefore() {
        return forgottenBefore;
    }

    static int dayOf(byte[] block) {
        long newest = 0;
        for (int at = 0; at < block.length; at += EntryBytes.SIZE) {
            newest = Math.max(newest, EntryBytes.time(block, at));
        }
        return (int) (newest / DAY_MS);
    }

    static Bytes blockKey(int day, long sequence) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES)
                .put((byte) 'b')
                .putInt(day)
                .putLong(sequence)
                .array());
    }

    private static long sequenceOf(Bytes blockKey) {
        return ByteBuffer.wrap(blockKey.get()).getLong(1 + Integer.BYTES);
    }

    private static Bytes deltaKey(int slot) {
        return Bytes.wrap(new byte[] {'d', (byte) slot});
    }
}

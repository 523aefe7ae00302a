package io.tallystick.ingest.dedup;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Bloom filter off the heap whose bits for one identity lie in one cache line of 64 bytes: says "no" for certain, and "maybe" for
 * one in a thousand of those that are not there, at {@value #BITS_PER_KEY} bits each.
 */
final class BlockedFilter {

    static final int BITS_PER_KEY = 16;

    /** With fewer a filter says "maybe" too often to be worth its reading. */
    private static final int BITS_PER_KEY_MIN = 4;

    private static final int BITS_SET = 7;
    private static final int WORDS_PER_BLOCK = 8;
    private static final int BLOCKS_PER_PIECE = IdentityMemory.PIECE_BYTES / Long.BYTES / WORDS_PER_BLOCK;

    private final IdentityMemory memory;
    private List<LongBuffer> pieces;
    private final long blocks;

    private BlockedFilter(IdentityMemory memory, List<LongBuffer> pieces, long blocks) {
        this.memory = memory;
        this.pieces = pieces;
        this.blocks = blocks;
    }

    /** An empty filter for so many identities, as good as the memory allows. */
    static BlockedFilter of(long keys, IdentityMemory memory) {
        long blocksAsked = Math.max(1, keys * BITS_PER_KEY / (WORDS_PER_BLOCK * Long.SIZE));
        List<LongBuffer> pieces = memory.take((blocksAsked + BLOCKS_PER_PIECE - 1) / BLOCKS_PER_PIECE);
        long blocks = Math.min(blocksAsked, (long) pieces.size() * BLOCKS_PER_PIECE);
        if (blocks * WORDS_PER_BLOCK * Long.SIZE < keys * BITS_PER_KEY_MIN) {
            memory.giveBack(pieces);
            return new BlockedFilter(memory, List.of(), 0);
        }
        return new BlockedFilter(memory, pieces, blocks);
    }

    void add(long high, long low) {
        if (blocks == 0) {
            return;
        }
        long block = block(high);
        LongBuffer piece = piece(block);
        int word = word(block);
        long bits = low;
        for (int i = 0; i < BITS_SET; i++) {
            int at = word + (int) ((bits >>> 6) & 7);
            piece.put(at, piece.get(at) | (1L << (bits & 63)));
            bits >>>= 9;
        }
    }

    boolean mayContain(long high, long low) {
        if (blocks == 0) {
            return true;
        }
        long block = block(high);
        LongBuffer piece = piece(block);
        int word = word(block);
        long bits = low;
        for (int i = 0; i < BITS_SET; i++) {
            if ((piece.get(word + (int) ((bits >>> 6) & 7)) & (1L << (bits & 63))) == 0) {
                return false;
            }
            bits >>>= 9;
        }
        return true;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(blocks);
        byte[] bytes = new byte[IdentityMemory.PIECE_BYTES];
        for (int i = 0; i < pieces.size(); i++) {
            int words = wordsOf(i);
            ByteBuffer.wrap(bytes).asLongBuffer().put(0, pieces.get(i), 0, words);
            out.write(bytes, 0, words * Long.BYTES);
        }
    }

    /** How many words of a piece are in use. */
    private int wordsOf(int piece) {
        long left = blocks - (long) piece * BLOCKS_PER_PIECE;
        return (int) Math.max(0, Math.min(left, BLOCKS_PER_PIECE)) * WORDS_PER_BLOCK;
    }

    /** As it was written; null when the memory is too small for it now. */
    static @Nullable BlockedFilter read(DataInput in, IdentityMemory memory) throws IOException {
        long blocks = in.readLong();
        long needed = (blocks + BLOCKS_PER_PIECE - 1) / BLOCKS_PER_PIECE;
        BlockedFilter filter = new BlockedFilter(memory, memory.take(needed), blocks);
        if (filter.pieces.size() < needed) {
            filter.close();
            return null;
        }
        boolean isRead = false;
        try {
            byte[] bytes = new byte[IdentityMemory.PIECE_BYTES];
            for (int i = 0; i < filter.pieces.size(); i++) {
                int words = filter.wordsOf(i);
                in.readFully(bytes, 0, words * Long.BYTES);
                filter.pieces.get(i).put(0, ByteBuffer.wrap(bytes).asLongBuffer(), 0, words);
            }
            isRead = true;
            return filter;
        } finally {
            if (!isRead) {
                filter.close();
            }
        }
    }

    /** Gives its memory back, once: it is another filter's from then on. */
    void close() {
        List<LongBuffer> given = pieces;
        pieces = List.of();
        memory.giveBack(given);
    }

    private long block(long high) {
        return ((high >>> 32) * blocks) >>> 32;
    }

    private LongBuffer piece(long block) {
        return pieces.get((int) (block / BLOCKS_PER_PIECE));
    }

    private static int word(long block) {
        return (int) (block % BLOCKS_PER_PIECE) * WORDS_PER_BLOCK;
    }
}

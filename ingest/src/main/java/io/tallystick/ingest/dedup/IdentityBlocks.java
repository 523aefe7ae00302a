package io.tallystick.ingest.dedup;

import io.tallystick.schemas.event.Identity;
import java.nio.ByteBuffer;

/**
 * The rows of a partition's {@link BlockIdentityStore}, made without looking any identity up: many identities for a measurement, in front of
 * the first start. Nothing may be in that store yet.
 */
public final class IdentityBlocks {

    /** How many identities there must be in the end: a multiple of it. */
    public static final int PER_BLOCK = BlockLog.ENTRIES_PER_BLOCK;

    private final Taker taker;
    private byte[] block = new byte[BlockLog.BLOCK_BYTES];
    private int bytes;
    private long sealed;

    /** Takes rows of the store. */
    public interface Taker {
        void put(byte[] key, byte[] value);
    }

    public IdentityBlocks(Taker taker) {
        this.taker = taker;
    }

    /** @param entry not older than the one before it */
    public void add(Identity identity, IdentityStore.Entry entry) {
        EntryBytes.write(block, bytes, identity.high(), identity.low(), entry);
        bytes += EntryBytes.SIZE;
        if (bytes == BlockLog.BLOCK_BYTES) {
            taker.put(BlockLog.blockKey(BlockLog.dayOf(block), sealed).get(), block);
            sealed += PER_BLOCK;
            block = new byte[BlockLog.BLOCK_BYTES];
            bytes = 0;
        }
    }

    /** Behind the last. */
    public void end() {
        if (bytes > 0) {
            throw new IllegalStateException("the last block has " + bytes + " bytes only");
        }
        taker.put(
                BlockLog.SEALED.get(),
                ByteBuffer.allocate(Long.BYTES).putLong(sealed).array());
    }
}

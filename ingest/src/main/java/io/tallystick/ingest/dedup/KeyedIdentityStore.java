package io.tallystick.ingest.dedup;

import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** One RocksDB key per identity: 16 bytes, with an entry of 32. Simple, and exact for any number of identities; nothing is deleted when it expires. */
public final class KeyedIdentityStore implements IdentityStore {

    private static final int KEY_BYTES = 16;
    private static final int ENTRY_BYTES = 32;

    private final KeyValueStore<Bytes, byte[]> store;

    public KeyedIdentityStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public @Nullable Entry find(Identity identity) {
        byte @Nullable [] found = store.get(key(identity));
        if (found == null) {
            return null;
        }
        ByteBuffer entry = ByteBuffer.wrap(found);
        return new Entry(entry.getLong(), new Place(entry.getInt(), entry.getLong()), entry.getLong(), entry.getInt());
    }

    @Override
    public void add(Identity identity, Entry entry) {
        byte[] value = ByteBuffer.allocate(ENTRY_BYTES)
                .putLong(entry.contentHash())
                .putInt(entry.place().partition())
                .putLong(entry.place().offset())
                .putLong(entry.recordTime())
                .putInt(entry.revision())
                .array();
        store.put(key(identity), value);
    }

    @Override
    public void beforeCommit() {
        // Every entry is in the store already.
    }

    private static Bytes key(Identity identity) {
        return Bytes.wrap(ByteBuffer.allocate(KEY_BYTES)
                .putLong(identity.high())
                .putLong(identity.low())
                .array());
    }
}

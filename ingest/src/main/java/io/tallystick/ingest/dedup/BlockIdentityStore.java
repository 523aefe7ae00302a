package io.tallystick.ingest.dedup;

import io.tallystick.schemas.event.Identity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Identities in three places: the newest on the heap, all others in sorted runs behind filters, and all of them, durable, in blocks
 * of a store with a changelog. The first two are made anew from the third when a task becomes active, unless a clean stop has left them.
 */
public final class BlockIdentityStore implements IdentityStore {

    private static final int COMMIT_BYTES_START = 64 * EntryBytes.SIZE;
    private static final int COMMIT_BYTES_KEPT = 4096 * EntryBytes.SIZE;

    private final BlockLog log;
    private final RecentTable recent;
    private final RunSet runs;
    private final int keptRuns;
    private byte[] uncommitted = new byte[COMMIT_BYTES_START];
    private int uncommittedBytes;
    private boolean isClosed;

    private BlockIdentityStore(BlockLog log, RecentTable recent, RunSet runs) {
        this.log = log;
        this.recent = recent;
        this.runs = runs;
        this.keptRuns = runs.size();
    }

    /**
     * Opens the identities of a partition that {@code store} holds.
     *
     * @param store logged and not cached
     * @param directory for runs: what a clean stop has left there behind this very store is used, everything else deleted
     */
    public static BlockIdentityStore open(KeyValueStore<Bytes, byte[]> store, Path directory, IdentityMemory memory) {
        BlockLog log = new BlockLog(store);
        RecentTable recent = new RecentTable(memory.slots());
        SavedRuns saved = SavedRuns.take(directory, log, memory);
        RunSet runs = new RunSet(directory, memory, saved == null ? List.of() : saved.runs());
        BlockIdentityStore identities = new BlockIdentityStore(log, recent, runs);
        boolean isOpen = false;
        try {
            identities.load(saved, memory.loadingSlots());
            isOpen = true;
            return identities;
        } finally {
            if (!isOpen) { // nobody will close it
                runs.close();
            }
        }
    }

    private void load(@Nullable SavedRuns saved, int loadingSlots) {
        if (saved == null) {
            Loading loading = new Loading(loadingSlots);
            log.readAll(loading::take);
            loading.finish();
        } else {
            for (int at = 0; at < saved.recent().length; at += EntryBytes.SIZE) {
                remember(saved.recent(), at);
            }
        }
    }

    /** Reading what is stored: more than the recent table holds is sorted in a larger one, since few large runs need little merging. */
    private final class Loading {

        private final int slots;
        private RecentTable table = recent;

        Loading(int slots) {
            this.slots = slots;
        }

        void take(byte[] bytes, int at) {
            if (table.isFull()) {
                if (table == recent) {
                    table = new RecentTable(slots);
                    table.putAll(recent);
                    recent.clear();
                }
                if (table.isFull()) {
                    runs.add(table.sorted());
                    table.clear();
                }
            }
            table.put(bytes, at);
        }

        void finish() {
            if (table != recent && table.size() > 0) {
                runs.add(table.sorted());
            }
        }
    }

    @Override
    public @Nullable Entry find(Identity identity) {
        Entry found = recent.find(identity.high(), identity.low());
        return found != null ? found : runs.find(identity.high(), identity.low());
    }

    @Override
    public void add(Identity identity, Entry entry) {
        if (uncommitted.length - uncommittedBytes < EntryBytes.SIZE) {
            uncommitted = Arrays.copyOf(uncommitted, uncommitted.length * 2);
        }
        EntryBytes.write(uncommitted, uncommittedBytes, identity.high(), identity.low(), entry);
        remember(uncommitted, uncommittedBytes);
        uncommittedBytes += EntryBytes.SIZE;
    }

    private void remember(byte[] bytes, int at) {
        if (recent.isFull()) {
            runs.add(recent.sorted());
            recent.clear();
        }
        recent.put(bytes, at);
    }

    @Override
    public void beforeCommit(long forgettableBefore) {
        log.append(uncommitted, uncommittedBytes);
        uncommittedBytes = 0;
        if (uncommitted.length > COMMIT_BYTES_KEPT) {
            uncommitted = new byte[COMMIT_BYTES_START];
        }
        log.forget(forgettableBefore);
        runs.forget(log.forgottenBefore());
        runs.settle();
    }

    @Override
    public long forgottenBefore() {
        return log.forgottenBefore();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (uncommittedBytes == 0 && log.isDurable()) {
            runs.save(log.ending(), recent.sorted());
        } else {
            runs.close();
        }
    }

    /** How many sorted runs were found when the store was opened, for the curious. */
    int keptRuns() {
        return keptRuns;
    }

    /** How many sorted runs there are, for the curious. */
    int runCount() {
        return runs.size();
    }
}

package io.tallystick.aggregator.stream;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The rows of the store of progress: {@code t} and a tenant, {@code m} and a meter, {@code r}. */
final class Progress {

    private static final String REVISION = "r";
    private static final byte[] YES = {1};

    private Progress() {}

    /** The sequence up to which a tenant's log is in the stores; 0 before its first record. */
    static long sequence(String tenant, KeyValueStore<String, byte[]> progress) {
        byte @Nullable [] row = progress.get("t" + tenant);
        return row == null ? 0 : ByteBuffer.wrap(row).getLong();
    }

    static void putSequence(String tenant, long sequence, KeyValueStore<String, byte[]> progress) {
        progress.put(
                "t" + tenant, ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
    }

    /** Visits each tenant that has a log. */
    static void everyTenant(ReadOnlyKeyValueStore<String, byte[]> progress, Consumer<String> visitor) {
        try (KeyValueIterator<String, byte[]> rows = progress.prefixScan("t", new StringSerializer())) {
            while (rows.hasNext()) {
                visitor.accept(rows.next().key.substring(1));
            }
        }
    }

    /** The number of the revision in force; 0 before the first. */
    static int revision(KeyValueStore<String, byte[]> progress) {
        byte @Nullable [] row = progress.get(REVISION);
        return row == null ? 0 : ByteBuffer.wrap(row).getInt();
    }

    static void putRevision(int revision, KeyValueStore<String, byte[]> progress) {
        progress.put(
                REVISION, ByteBuffer.allocate(Integer.BYTES).putInt(revision).array());
    }

    static boolean hasCounted(String meter, ReadOnlyKeyValueStore<String, byte[]> progress) {
        return progress.get("m" + meter) != null;
    }

    static void putCounted(String meter, KeyValueStore<String, byte[]> progress) {
        progress.put("m" + meter, YES);
    }
}

package io.tallystick.ingest.dedup;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import io.tallystick.schemas.event.Place;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How an identity and its entry stand in bytes, in blocks and runs alike: {@value #SIZE} bytes, the identity first. */
final class EntryBytes {

    /** Identity 16, content hash 8, place 12, record time 6, revision 4. */
    static final int SIZE = 46;

    static final long TIME_MAX = (1L << 48) - 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private static final int LOW = 8;
    private static final int CONTENT = 16;
    private static final int PARTITION = 24;
    private static final int OFFSET = 28;
    private static final int TIME = 36;
    private static final int REVISION = 42;

    private EntryBytes() {}

    static void write(byte[] bytes, int at, long high, long low, Entry entry) {
        LONGS.set(bytes, at, high);
        LONGS.set(bytes, at + LOW, low);
        LONGS.set(bytes, at + CONTENT, entry.contentHash());
        INTS.set(bytes, at + PARTITION, entry.place().partition());
        LONGS.set(bytes, at + OFFSET, entry.place().offset());
        long time = Math.max(0, Math.min(entry.recordTime(), TIME_MAX));
        SHORTS.set(bytes, at + TIME, (short) (time >>> 32));
        INTS.set(bytes, at + TIME + 2, (int) time);
        INTS.set(bytes, at + REVISION, entry.revision());
    }

    static long high(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    static long low(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at + LOW);
    }

    static long time(byte[] bytes, int at) {
        return ((short) SHORTS.get(bytes, at + TIME) & 0xffffL) << 32
                | ((int) INTS.get(bytes, at + TIME + 2) & 0xffff_ffffL);
    }

    static Entry entry(byte[] bytes, int at) {
        return new Entry(
                (long) LONGS.get(bytes, at + CONTENT),
                new Place((int) INTS.get(bytes, at + PARTITION), (long) LONGS.get(bytes, at + OFFSET)),
                time(bytes, at),
                (int) INTS.get(bytes, at + REVISION));
    }

    /** The order of runs: by identity, unsigned. */
    static int compare(byte[] left, int leftAt, byte[] right, int rightAt) {
        int byHigh = Long.compareUnsigned(high(left, leftAt), high(right, rightAt));
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low(left, leftAt), low(right, rightAt));
    }
}

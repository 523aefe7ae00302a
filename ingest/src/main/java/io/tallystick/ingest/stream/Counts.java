package io.tallystick.ingest.stream;

import java.nio.ByteBuffer;

/**
 * What became of the records of one partition: {@code read = accepted + duplicates + rejected + forwarded}, and of those that came
 * by the misrouted hop {@code received.read = received.accepted + received.duplicates + received.rejected}.
 */
public record Counts(long read, long accepted, long duplicates, long rejected, long forwarded, Received received) {

    /** Of what came by the misrouted hop. */
    public record Received(long read, long accepted, long duplicates, long rejected) {}

    static final Counts NONE = new Counts(0, 0, 0, 0, 0, new Received(0, 0, 0, 0));

    private static final int BYTES = 9 * Long.BYTES;

    static Counts of(byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        return new Counts(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                new Received(in.getLong(), in.getLong(), in.getLong(), in.getLong()));
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(read)
                .putLong(accepted)
                .putLong(duplicates)
                .putLong(rejected)
                .putLong(forwarded)
                .putLong(received.read)
                .putLong(received.accepted)
                .putLong(received.duplicates)
                .putLong(received.rejected)
                .array();
    }
}

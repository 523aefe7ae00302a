package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.WindowState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * The coverage of window totals: what a close marker on {@code usage.totals} vouches for. It is taken over every part of every window of the tenant in
 * the period, over all meters, in any order; the aggregator and the rater each compute it from their own store. Not thread-safe.
 */
public final class TotalsCoverage {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    private final MessageDigest sha256 = sha256();
    private Coverage coverage = Coverage.EMPTY;

    /** One more part of a window, with 64 bits of SHA-256 over Avro's encoding of what identifies it and of its state. */
    public void add(String meter, Dimensions dimensions, long hour, int part, WindowState state) {
        bytes.reset();
        try {
            encoder.writeString(meter);
            AvroFields.writeDimensions(dimensions, encoder);
            encoder.writeLong(hour);
            encoder.writeInt(part);
            WindowStateCodec.write(state, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        coverage = coverage.plus(
                ByteBuffer.wrap(sha256.digest(bytes.toByteArray())).getLong());
    }

    /** Of all that was added so far. */
    public Coverage coverage() {
        return coverage;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}

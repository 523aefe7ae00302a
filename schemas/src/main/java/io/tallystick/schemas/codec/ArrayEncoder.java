package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.PerDimensions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Encoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding, written into one array that is used again for the next record; dimensions that were written before
 * are not put together again. One thread at a time.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro: binary encoding</a>
 */
final class ArrayEncoder extends Encoder {

    private static final int VARINT_BYTES_MAX = 10;
    /** What one large record took is not kept for all that follow. */
    private static final int KEPT_MAX = 1 << 16;

    private static final int KEPT = 512;
    private static final int WRITTEN_PLACES = 2048;
    private static final int WRITTEN_LENGTH_MAX = 256;

    private final PerDimensions<byte[]> written = new PerDimensions<>(WRITTEN_PLACES);
    private byte[] bytes = new byte[KEPT];
    private int at;

    /** Starts a record with {@code header}. */
    ArrayEncoder reset(byte[] header) {
        if (bytes.length > KEPT_MAX) {
            bytes = new byte[KEPT];
        }
        at = 0;
        writeFixed(header, 0, header.length);
        return this;
    }

    /** As {@link AvroFields#writeTextMap} would write them. */
    void writeDimensions(Dimensions dimensions) throws IOException {
        byte[] known = written.find(dimensions);
        if (known != null) {
            writeFixed(known, 0, known.length);
            return;
        }
        int from = at;
        AvroFields.writeTextMap(dimensions.values(), this);
        if (at - from <= WRITTEN_LENGTH_MAX) {
            written.keep(dimensions, Arrays.copyOfRange(bytes, from, at));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, at);
    }

    @Override
    public void writeNull() {
        // Takes no bytes.
    }

    @Override
    public void writeBoolean(boolean value) {
        ensure(1);
        bytes[at++] = (byte) (value ? 1 : 0);
    }

    @Override
    public void writeInt(int value) {
        writeLong(value);
    }

    @Override
    public void writeLong(long value) {
        ensure(VARINT_BYTES_MAX);
        byte[] into = bytes; // fields are read and written again with each byte
        int to = at;
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            into[to++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        into[to++] = (byte) rest;
        at = to;
    }

    @Override
    public void writeFloat(float value) {
        throw new UnsupportedOperationException("no record has floating point numbers");
    }

    @Override
    public void writeDouble(double value) {
        throw new UnsupportedOperationException("no record has floating point numbers");
    }

    @Override
    public void writeString(Utf8 text) {
        writeBytes(text.getBytes(), 0, text.getByteLength());
    }

    @Override
    public void writeString(String text) {
        int start = at;
        writeLong(text.length()); // right as long as every character is ASCII
        int length = text.length();
        ensure(length);
        byte[] into = bytes;
        int to = at;
        for (int index = 0; index < length; index++) {
            char c = text.charAt(index);
            if (c >= 0x80) {
                at = start;
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                writeBytes(utf8, 0, utf8.length);
                return;
            }
            into[to++] = (byte) c;
        }
        at = to;
    }

    @Override
    public void writeBytes(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.duplicate().get(copy);
        writeBytes(copy, 0, copy.length);
    }

    @Override
    public void writeBytes(byte[] value, int start, int length) {
        writeLong(length);
        writeFixed(value, start, length);
    }

    @Override
    public void writeFixed(byte[] value, int start, int length) {
        ensure(length);
        System.arraycopy(value, start, bytes, at, length);
        at += length;
    }

    @Override
    public void writeEnum(int value) {
        writeLong(value);
    }

    @Override
    public void writeArrayStart() {
        // The count of the first block comes first.
    }

    @Override
    public void setItemCount(long count) {
        if (count > 0) {
            writeLong(count);
        }
    }

    @Override
    public void startItem() {
        // Items stand one behind the other.
    }

    @Override
    public void writeArrayEnd() {
        writeLong(0);
    }

    @Override
    public void writeMapStart() {
        // The count of the first block comes first.
    }

    @Override
    public void writeMapEnd() {
        writeLong(0);
    }

    @Override
    public void writeIndex(int index) {
        writeLong(index);
    }

    @Override
    public void flush() {
        // Nothing stands behind the array.
    }

    private void ensure(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(at, more)));
        }
    }
}

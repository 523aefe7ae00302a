package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.Dimensions;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding, read from one array that is there whole: nothing is buffered, and texts and dimensions that came
 * before are not made again. One thread at a time.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro: binary encoding</a>
 */
final class ArrayDecoder extends Decoder {

    private static final int VARINT_BITS_MAX = 64;

    private final KnownTexts texts = new KnownTexts();
    private final KnownDimensions knownDimensions = new KnownDimensions();
    private byte[] bytes = {};
    private int at;

    /** Goes on with other bytes, from {@code from} to their end. */
    ArrayDecoder reset(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
        return this;
    }

    /** As {@link AvroFields#readDimensions} would read them. */
    Dimensions readDimensions() throws IOException {
        int from = at;
        for (long count = readMapStart(); count > 0; count = mapNext()) {
            for (long item = 0; item < count; item++) {
                skipBytes();
                skipBytes();
            }
        }
        int to = at;
        if (to - from == 1) {
            return Dimensions.NONE;
        }
        Dimensions known = knownDimensions.find(bytes, from, to);
        if (known == null) {
            at = from;
            known = Dimensions.of(AvroFields.readTextMap(this));
            knownDimensions.put(bytes, from, to, known);
        }
        return known;
    }

    @Override
    public void readNull() {
        // Takes no bytes.
    }

    @Override
    public boolean readBoolean() throws IOException {
        return next() == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new IOException("an int beyond 32 bits");
        }
        return (int) value;
    }

    @Override
    public long readLong() throws IOException {
        long raw = 0;
        for (int shift = 0; shift < VARINT_BITS_MAX; shift += 7) {
            byte next = next();
            raw |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new IOException("a number without end");
    }

    @Override
    public float readFloat() {
        throw new UnsupportedOperationException("no record has floating point numbers");
    }

    @Override
    public double readDouble() {
        throw new UnsupportedOperationException("no record has floating point numbers");
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        return new Utf8(readString());
    }

    @Override
    public String readString() throws IOException {
        int length = readLength();
        int from = at;
        at += length;
        return texts.get(bytes, from, length);
    }

    @Override
    public void skipString() throws IOException {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        int length = readLength();
        ByteBuffer part = ByteBuffer.wrap(bytes, at, length);
        at += length;
        return part;
    }

    @Override
    public void skipBytes() throws IOException {
        int length = readLength(); // which moves on itself
        at += length;
    }

    @Override
    public void readFixed(byte[] into, int start, int length) throws IOException {
        require(length);
        System.arraycopy(bytes, at, into, start, length);
        at += length;
    }

    @Override
    public void skipFixed(int length) throws IOException {
        require(length);
        at += length;
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        long count = readLong();
        if (count < 0) { // the size of the block in bytes follows, for those who want to skip it
            readLong();
            return -count;
        }
        return count;
    }

    @Override
    public long arrayNext() throws IOException {
        return readArrayStart();
    }

    @Override
    public long skipArray() throws IOException {
        return skipBlocks();
    }

    @Override
    public long readMapStart() throws IOException {
        return readArrayStart();
    }

    @Override
    public long mapNext() throws IOException {
        return readArrayStart();
    }

    @Override
    public long skipMap() throws IOException {
        return skipBlocks();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    /** Skips the blocks that say how long they are; how many items the next one has that does not. */
    private long skipBlocks() throws IOException {
        for (long count = readLong(); count != 0; count = readLong()) {
            if (count > 0) {
                return count;
            }
            skipFixed(Math.toIntExact(readLong()));
        }
        return 0;
    }

    private int readLength() throws IOException {
        long length = readLong();
        if (length < 0 || length > bytes.length - at) {
            throw new EOFException("a length of " + length + " with " + (bytes.length - at) + " bytes left");
        }
        return (int) length;
    }

    private void require(int length) throws IOException {
        if (length < 0 || length > bytes.length - at) {
            throw new EOFException(length + " bytes asked for, " + (bytes.length - at) + " left");
        }
    }

    private byte next() throws IOException {
        if (at >= bytes.length) {
            throw new EOFException("the bytes end too early");
        }
        return bytes[at++];
    }
}

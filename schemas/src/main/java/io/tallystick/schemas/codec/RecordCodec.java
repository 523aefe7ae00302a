package io.tallystick.schemas.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * The values of one topic as bytes: Avro with single-object encoding, that is {@code C3 01}, the CRC-64-AVRO fingerprint of the
 * schema (little endian) and the binary value. Which record type it is follows from the fingerprint.
 *
 * @param <T> what the topic holds
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro: single-object encoding</a>
 */
public final class RecordCodec<T> {

    private static final byte MARKER_0 = (byte) 0xC3;
    private static final byte MARKER_1 = 0x01;
    private static final int HEADER_LENGTH = 10;

    private final Map<Class<?>, Writing<?>> writers = new HashMap<>();
    /** In the order of the codecs: so few that they are looked through faster than a map. */
    private final long[] fingerprints;

    private final List<AvroCodec<? extends T>> readers;
    private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);

    private static final class Writing<T> {
        final AvroCodec<T> codec;
        final byte[] header;

        Writing(AvroCodec<T> codec, byte[] header) {
            this.codec = codec;
            this.header = header;
        }
    }

    private static final class Buffers {
        final ArrayEncoder encoder = new ArrayEncoder();
        final ArrayDecoder decoder = new ArrayDecoder();
    }

    /** @param codecs one per record type; where several have one type, the first writes and all read */
    public RecordCodec(List<AvroCodec<? extends T>> codecs) {
        readers = List.copyOf(codecs);
        fingerprints = new long[readers.size()];
        for (int i = 0; i < fingerprints.length; i++) {
            AvroCodec<? extends T> codec = readers.get(i);
            long fingerprint = SchemaNormalization.parsingFingerprint64(codec.schema());
            if (reader(fingerprint) != null) {
                throw new IllegalArgumentException(
                        "two codecs of one schema: " + codec.schema().getFullName());
            }
            fingerprints[i] = fingerprint;
            writers.putIfAbsent(codec.type(), new Writing<>(codec, header(fingerprint)));
        }
    }

    public byte[] encode(T value) {
        @SuppressWarnings("unchecked") // the map holds each codec under its own type
        Writing<T> writing = (Writing<T>) writers.get(value.getClass());
        if (writing == null) {
            throw new IllegalArgumentException("no codec for " + value.getClass());
        }
        ArrayEncoder encoder = buffers.get().encoder.reset(writing.header);
        try {
            writing.codec.write(value, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return encoder.toBytes();
    }

    /** Throws {@link UnreadableRecordException} for bytes that no released schema wrote, and where there are none. */
    public T decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new UnreadableRecordException("no value, where every record has one");
        }
        if (bytes.length < HEADER_LENGTH || bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
            throw new UnreadableRecordException("not Avro with single-object encoding");
        }
        AvroCodec<? extends T> codec = reader(fingerprintOf(bytes));
        if (codec == null) {
            throw new UnreadableRecordException(
                    "schema " + Long.toHexString(fingerprintOf(bytes)) + " is not known to this version");
        }
        try {
            return codec.read(buffers.get().decoder.reset(bytes, HEADER_LENGTH));
        } catch (IOException | RuntimeException e) {
            throw new UnreadableRecordException("damaged " + codec.schema().getFullName(), e);
        }
    }

    private @Nullable AvroCodec<? extends T> reader(long fingerprint) {
        for (int i = 0; i < fingerprints.length; i++) {
            if (fingerprints[i] == fingerprint) {
                return readers.get(i);
            }
        }
        return null;
    }

    private static long fingerprintOf(byte[] bytes) {
        long fingerprint = 0;
        for (int i = 7; i >= 0; i--) {
            fingerprint = (fingerprint << 8) | (bytes[2 + i] & 0xFF);
        }
        return fingerprint;
    }

    private static byte[] header(long fingerprint) {
        byte[] header = new byte[HEADER_LENGTH];
        header[0] = MARKER_0;
        header[1] = MARKER_1;
        for (int i = 0; i < 8; i++) {
            header[2 + i] = (byte) (fingerprint >>> (8 * i));
        }
        return header;
    }
}

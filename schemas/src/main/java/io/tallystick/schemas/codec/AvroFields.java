package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * How the values that many records share are written.
 *
 * <ul>
 *   <li>decimal: Avro's {@code big-decimal} logical type: bytes that hold the unscaled value (bytes, two's complement, big endian) and the scale (int)
 *   <li>instant: {@code timestamp-millis}
 *   <li>text, maps, arrays: as Avro does; maps in order of their keys
 *   <li>optional: a union of null and the value, in this order
 * </ul>
 */
public final class AvroFields {

    private static final int NULL = 0;
    private static final int PRESENT = 1;

    private AvroFields() {}

    /** Writes one value; throws what the encoder throws. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(T value, Encoder encoder) throws IOException;
    }

    /** Reads one value; throws what the decoder throws. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Decoder decoder) throws IOException;
    }

    public static void writeDecimal(BigDecimal value, Encoder encoder) throws IOException {
        byte[] unscaled = value.unscaledValue().toByteArray();
        byte[] bytes = new byte[unscaled.length + 10];
        int at = writeVarint(unscaled.length, bytes, 0);
        System.arraycopy(unscaled, 0, bytes, at, unscaled.length);
        at = writeVarint(value.scale(), bytes, at + unscaled.length);
        encoder.writeBytes(bytes, 0, at);
    }

    public static BigDecimal readDecimal(Decoder decoder) throws IOException {
        ByteBuffer bytes = decoder.readBytes(null);
        int length = readVarint(bytes);
        if (length < 1 || length > bytes.remaining()) {
            throw new IOException("a decimal of " + length + " bytes in " + bytes.remaining());
        }
        byte[] unscaled = new byte[length];
        bytes.get(unscaled);
        return new BigDecimal(new BigInteger(unscaled), readVarint(bytes));
    }

    public static void writeInstant(Instant value, Encoder encoder) throws IOException {
        encoder.writeLong(value.toEpochMilli());
    }

    public static Instant readInstant(Decoder decoder) throws IOException {
        return Instant.ofEpochMilli(decoder.readLong());
    }

    public static void writePeriod(Period value, Encoder encoder) throws IOException {
        writeInstant(value.start(), encoder);
        writeInstant(value.end(), encoder);
    }

    public static Period readPeriod(Decoder decoder) throws IOException {
        Instant start = readInstant(decoder);
        return new Period(start, readInstant(decoder));
    }

    public static void writeDimensions(Dimensions dimensions, Encoder encoder) throws IOException {
        if (encoder instanceof ArrayEncoder array) {
            array.writeDimensions(dimensions);
        } else {
            writeTextMap(dimensions.values(), encoder);
        }
    }

    public static Dimensions readDimensions(Decoder decoder) throws IOException {
        if (decoder instanceof ArrayDecoder array) {
            return array.readDimensions();
        }
        SortedMap<String, String> values = readTextMap(decoder);
        return values.isEmpty() ? Dimensions.NONE : Dimensions.of(values);
    }

    public static void writeTextMap(SortedMap<String, String> map, Encoder encoder) throws IOException {
        encoder.writeMapStart();
        encoder.setItemCount(map.size());
        for (Map.Entry<String, String> entry : map.entrySet()) {
            encoder.startItem();
            encoder.writeString(entry.getKey());
            encoder.writeString(entry.getValue());
        }
        encoder.writeMapEnd();
    }

    public static SortedMap<String, String> readTextMap(Decoder decoder) throws IOException {
        long count = decoder.readMapStart();
        if (count == 0) {
            return Collections.emptySortedMap();
        }
        TreeMap<String, String> map = new TreeMap<>();
        for (; count > 0; count = decoder.mapNext()) {
            for (long i = 0; i < count; i++) {
                String key = decoder.readString();
                map.put(key, decoder.readString());
            }
        }
        return map;
    }

    public static <T> void writeList(List<T> items, Writer<? super T> writer, Encoder encoder) throws IOException {
        encoder.writeArrayStart();
        encoder.setItemCount(items.size());
        for (T item : items) {
            encoder.startItem();
            writer.write(item, encoder);
        }
        encoder.writeArrayEnd();
    }

    public static <T> List<T> readList(Reader<T> reader, Decoder decoder) throws IOException {
        List<T> items = new ArrayList<>();
        for (long count = decoder.readArrayStart(); count > 0; count = decoder.arrayNext()) {
            for (long i = 0; i < count; i++) {
                items.add(reader.read(decoder));
            }
        }
        return items;
    }

    public static <T> void writeOptional(@Nullable T value, Writer<? super T> writer, Encoder encoder)
            throws IOException {
        if (value == null) {
            encoder.writeIndex(NULL);
            encoder.writeNull();
        } else {
            encoder.writeIndex(PRESENT);
            writer.write(value, encoder);
        }
    }

    public static <T> @Nullable T readOptional(Reader<T> reader, Decoder decoder) throws IOException {
        if (decoder.readIndex() == NULL) {
            decoder.readNull();
            return null;
        }
        return reader.read(decoder);
    }

    public static void writeText(String value, Encoder encoder) throws IOException {
        encoder.writeString(value);
    }

    public static String readText(Decoder decoder) throws IOException {
        return decoder.readString();
    }

    // Avro's int encoding inside the bytes of a big-decimal: zig-zag, seven bits a byte, low bits first.
    private static int writeVarint(int value, byte[] bytes, int at) {
        int rest = (value << 1) ^ (value >> 31);
        int next = at;
        while ((rest & ~0x7F) != 0) {
            bytes[next++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    private static int readVarint(ByteBuffer bytes) throws IOException {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw new IOException("a decimal that ends too early");
            }
            byte next = bytes.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a decimal with an endless number");
    }
}

package io.tallystick.aggregator.stream;

import io.tallystick.schemas.value.Dimensions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the aggregator's stores: tenant, meter, time, dimensions. The bytes sort by time within a tenant and meter, so that a scan of a range
 * reads the range alone. Every text has its length in front, so that no two keys are one another's prefix by accident.
 *
 * @param time a UTC day or month, counted from the epoch
 */
record TotalsKey(String tenant, String meter, int time, Dimensions dimensions) {

    /** Slot (one byte) and part (four) behind the key of a day: where the full parts of a window stand. */
    static final int PART_SUFFIX_LENGTH = 1 + Integer.BYTES;

    private static final int READINGS_SUFFIX_LENGTH = 1 + Long.BYTES;

    Bytes bytes() {
        return Bytes.wrap(encode(0));
    }

    /** The key of a full part of one of the day's windows; it stands right behind the day. */
    Bytes partBytes(int slot, int part) {
        byte[] bytes = encode(PART_SUFFIX_LENGTH);
        ByteBuffer.wrap(bytes, bytes.length - PART_SUFFIX_LENGTH, PART_SUFFIX_LENGTH)
                .put((byte) slot)
                .putInt(part);
        return Bytes.wrap(bytes);
    }

    /** The first key, there or not, of a tenant and meter at a time. */
    static Bytes firstOf(String tenant, String meter, int time) {
        ByteBuffer buffer = ByteBuffer.allocate(lengthOf(tenant) + lengthOf(meter) + Integer.BYTES);
        put(tenant, buffer);
        put(meter, buffer);
        buffer.putInt(sortable(time));
        return Bytes.wrap(Arrays.copyOf(buffer.array(), buffer.position()));
    }

    /** Behind every key of a tenant and meter at a time: no key has these bytes. */
    static Bytes lastOf(String tenant, String meter, int time) {
        return time == Integer.MAX_VALUE
                ? Bytes.wrap(append(firstOf(tenant, meter, time).get(), (byte) 0xFF))
                : firstOf(tenant, meter, time + 1);
    }

    /** A stored key taken apart; {@code slot} is -1 for a whole day, else that of a window's full part. */
    record Parsed(TotalsKey key, int slot, int part) {}

    static Parsed parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        String tenant = text(buffer);
        String meter = text(buffer);
        int time = sortable(buffer.getInt());
        int dimensions = Varint.get(buffer);
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < dimensions; i++) {
            String name = text(buffer);
            values.put(name, text(buffer));
        }
        TotalsKey key = new TotalsKey(tenant, meter, time, Dimensions.of(values));
        return buffer.hasRemaining() ? new Parsed(key, buffer.get(), buffer.getInt()) : new Parsed(key, -1, 0);
    }

    /** The key of what came into one of the day's windows, from a record's sequence on; see {@link KeptReadings}. */
    Bytes readingsBytes(int slot, long sequence) {
        byte[] bytes = encode(READINGS_SUFFIX_LENGTH);
        ByteBuffer.wrap(bytes, bytes.length - READINGS_SUFFIX_LENGTH, READINGS_SUFFIX_LENGTH)
                .put((byte) slot)
                .putLong(sequence);
        return Bytes.wrap(bytes);
    }

    private byte[] encode(int spareLength) {
        int length = lengthOf(tenant) + lengthOf(meter) + Integer.BYTES + Varint.LENGTH_MAX;
        for (Map.Entry<String, String> dimension : dimensions.values().entrySet()) {
            length += lengthOf(dimension.getKey()) + lengthOf(dimension.getValue());
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        put(tenant, buffer);
        put(meter, buffer);
        buffer.putInt(sortable(time));
        Varint.put(dimensions.values().size(), buffer);
        for (Map.Entry<String, String> dimension : dimensions.values().entrySet()) {
            put(dimension.getKey(), buffer);
            put(dimension.getValue(), buffer);
        }
        return Arrays.copyOf(buffer.array(), buffer.position() + spareLength);
    }

    // Times before 1970 are negative: with the sign bit flipped, unsigned bytes sort as the numbers do.
    private static int sortable(int time) {
        return time ^ Integer.MIN_VALUE;
    }

    private static int lengthOf(String text) {
        return Varint.LENGTH_MAX + 3 * text.length(); // UTF-8 takes at most three bytes per char
    }

    private static void put(String text, ByteBuffer buffer) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Varint.put(bytes.length, buffer);
        buffer.put(bytes);
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[Varint.get(buffer)];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] append(byte[] bytes, byte last) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = last;
        return longer;
    }
}

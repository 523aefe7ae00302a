package io.tallystick.aggregator.stream;

import io.tallystick.schemas.codec.AvroBytes;
import io.tallystick.schemas.codec.WindowStateCodec;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.WindowState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * The values of the store of days. A day: a version, which of its 24 windows there are (three bytes, the first hour in the lowest bit), then each window
 * with its length in front. A window, and a full part in a row of its own: part, sequence and state as Avro writes them.
 */
final class StoredWindows {

    private static final byte VERSION = 1;
    private static final int HEADER_LENGTH = 4;

    private StoredWindows() {}

    /**
     * One part of a window.
     *
     * @param sequence of the last event in it
     * @param state without an event where the part in front of it has just become full
     */
    record Part(int part, long sequence, WindowState state) {}

    static byte[] encode(Part part) {
        return AvroBytes.of(part, StoredWindows::write);
    }

    private static void write(Part part, Encoder encoder) throws IOException {
        encoder.writeInt(part.part);
        encoder.writeLong(part.sequence);
        WindowStateCodec.write(part.state, encoder);
    }

    static Part decode(byte[] bytes) {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
        try {
            return new Part(decoder.readInt(), decoder.readLong(), WindowStateCodec.read(decoder));
        } catch (IOException e) {
            throw new UncheckedIOException("a damaged window in the store", e);
        }
    }

    /** @param windows by slot; null where there is none */
    static byte[] encodeDay(byte[][] windows) {
        int length = HEADER_LENGTH;
        int present = 0;
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            byte @Nullable [] window = windows[slot];
            if (window != null) {
                present |= 1 << slot;
                length += Varint.LENGTH_MAX + window.length;
            }
        }
        ByteBuffer day = ByteBuffer.allocate(length);
        day.put(VERSION).put((byte) present).put((byte) (present >> 8)).put((byte) (present >> 16));
        for (byte @Nullable [] window : windows) {
            if (window != null) {
                Varint.put(window.length, day);
                day.put(window);
            }
        }
        return Arrays.copyOf(day.array(), day.position());
    }

    /** By slot; null where there is none. */
    static byte[][] decodeDay(byte[] bytes) {
        ByteBuffer day = ByteBuffer.wrap(bytes);
        byte version = day.get();
        if (version != VERSION) {
            throw new IllegalStateException(
                    "a day of version " + version + " in the store; this program knows " + VERSION);
        }
        int present = (day.get() & 0xFF) | (day.get() & 0xFF) << 8 | (day.get() & 0xFF) << 16;
        byte[][] windows = new byte[HourWindow.HOURS_PER_DAY][];
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            if ((present & 1 << slot) != 0) {
                byte[] window = new byte[Varint.get(day)];
                day.get(window);
                windows[slot] = window;
            }
        }
        return windows;
    }
}

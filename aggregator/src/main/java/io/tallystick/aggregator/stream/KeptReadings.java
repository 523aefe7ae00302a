package io.tallystick.aggregator.stream;

import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.DecimalText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Every reading that came into a window whose state cannot give one back: of a smallest value nobody can say what the next one was. A voided event's reading
 * is taken out here, and the window is folded again from what is left. A row holds what one commit brought one window, and is not read until then.
 */
final class KeptReadings {

    /** In bytes, about; a row with one reading more may be larger by that. */
    private static final int ROW_BYTES = 64 * 1024;

    private static final int VALUE = 1;
    private static final int TEXT = 2;

    private KeptReadings() {}

    /**
     * One reading.
     *
     * @param time of the event, milliseconds since the epoch
     * @param order the sequence of the event
     * @param sequence of the record that brought it
     */
    record Kept(
            long time,
            long order,
            long sequence,
            @Nullable BigDecimal value,
            @Nullable String text) {

        boolean isOf(long time, long order) {
            return this.time == time && this.order == order;
        }

        Reading reading(TotalsKey day) {
            return new Reading(day.meter(), day.dimensions(), value, text);
        }

        /** About how many bytes it takes on the heap. */
        int heapBytes() {
            return 120 + (text == null ? 0 : text.length());
        }
    }

    /** Adds what a commit brought one window, in the order of the log. */
    static void append(TotalsKey day, int slot, List<Kept> readings, KeyValueStore<Bytes, byte[]> store) {
        List<Kept> row = new ArrayList<>();
        long bytes = 0;
        for (Kept reading : readings) {
            row.add(reading);
            bytes += reading.heapBytes();
            if (bytes >= ROW_BYTES) {
                put(day, slot, row, store);
                row = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!row.isEmpty()) {
            put(day, slot, row, store);
        }
    }

    /** Takes the reading of one event out of a window; gives those that are left, in the order of the log. */
    static List<Kept> takeOut(TotalsKey day, int slot, long time, long order, KeyValueStore<Bytes, byte[]> store) {
        List<Kept> left = new ArrayList<>();
        Bytes changed = null;
        List<Kept> rest = List.of();
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(day.readingsBytes(slot, 0), day.readingsBytes(slot, Long.MAX_VALUE))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                List<Kept> readings = decode(row.value);
                if (changed == null && readings.stream().anyMatch(reading -> reading.isOf(time, order))) {
                    changed = row.key;
                    rest = readings.stream()
                            .filter(reading -> !reading.isOf(time, order))
                            .toList();
                    left.addAll(rest);
                } else {
                    left.addAll(readings);
                }
            }
        }
        if (changed == null) {
            throw new IllegalStateException("the reading of event " + order + " is not kept in hour " + slot + " of "
                    + day + "; stores of an older version are deleted, and come back from usage.accepted");
        }
        if (rest.isEmpty()) {
            store.delete(changed);
        } else {
            store.put(changed, encode(rest));
        }
        return left;
    }

    private static void put(TotalsKey day, int slot, List<Kept> row, KeyValueStore<Bytes, byte[]> store) {
        store.put(day.readingsBytes(slot, row.get(0).sequence), encode(row));
    }

    private static byte[] encode(List<Kept> readings) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (Kept reading : readings) {
                out.writeLong(reading.time);
                out.writeLong(reading.order);
                out.writeLong(reading.sequence);
                out.writeByte((reading.value == null ? 0 : VALUE) | (reading.text == null ? 0 : TEXT));
                if (reading.value != null) {
                    write(DecimalText.canonical(reading.value), out);
                }
                if (reading.text != null) {
                    write(reading.text, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Kept> decode(byte[] bytes) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        List<Kept> readings = new ArrayList<>();
        try {
            while (in.available() > 0) {
                long time = in.readLong();
                long order = in.readLong();
                long sequence = in.readLong();
                int has = in.readByte();
                readings.add(new Kept(
                        time,
                        order,
                        sequence,
                        (has & VALUE) == 0 ? null : new BigDecimal(read(in)),
                        (has & TEXT) == 0 ? null : read(in)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a damaged row of readings in the store", e);
        }
        return readings;
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String read(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[in.readInt()];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}

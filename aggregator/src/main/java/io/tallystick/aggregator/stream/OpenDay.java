package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.WindowKind;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A row of the store of days on the heap: 24 windows, of which those that were not touched stay as they were written. */
final class OpenDay {

    private final TotalsKey key;
    private final WindowKind kind;
    private final byte[][] written;
    private final @Nullable OpenWindow[] open = new OpenWindow[HourWindow.HOURS_PER_DAY];
    private final BitSet changed = new BitSet(HourWindow.HOURS_PER_DAY);

    /** Receives what has changed in a day. */
    @FunctionalInterface
    interface Emission {
        void emit(TotalsKey day, int slot, Part part);
    }

    private OpenDay(TotalsKey key, WindowKind kind, byte[][] written) {
        this.key = key;
        this.kind = kind;
        this.written = written;
    }

    static OpenDay load(TotalsKey key, WindowKind kind, KeyValueStore<Bytes, byte[]> days) {
        byte @Nullable [] row = days.get(key.bytes());
        byte[][] windows = row == null ? new byte[HourWindow.HOURS_PER_DAY][] : StoredWindows.decodeDay(row);
        return new OpenDay(key, kind, windows);
    }

    TotalsKey key() {
        return key;
    }

    /** Whether no hour has had an event. */
    boolean isEmpty() {
        return IntStream.range(0, HourWindow.HOURS_PER_DAY).noneMatch(this::has);
    }

    /** Whether the hour has had an event. */
    boolean has(int slot) {
        return open[slot] != null || written[slot] != null;
    }

    /**
     * Adds what the day's meter read from an event; about how many more bytes that takes on the heap.
     *
     * @param order the sequence of the event
     * @param sequence of the record that brought it, which may be another
     */
    int add(Reading reading, long time, long order, long sequence, KeyValueStore<Bytes, byte[]> days) {
        int slot = HourWindow.slotOf(HourWindow.hourOf(time));
        OpenWindow window = open[slot];
        int before = window == null ? 0 : window.heapBytes();
        if (window == null) {
            byte @Nullable [] stored = written[slot];
            window = stored == null ? OpenWindow.empty(kind) : OpenWindow.from(StoredWindows.decode(stored));
            open[slot] = window;
        }
        window.add(
                reading,
                time,
                order,
                sequence,
                part -> fullPart(slot, part, days).state());
        changed.set(slot);
        return window.heapBytes() - before;
    }

    private Part fullPart(int slot, int part, KeyValueStore<Bytes, byte[]> days) {
        byte @Nullable [] bytes = days.get(key.partBytes(slot, part));
        if (bytes == null) {
            throw new IllegalStateException("part " + part + " of " + key + ", hour " + slot + ", is not in the store");
        }
        return StoredWindows.decode(bytes);
    }

    /** Writes what has changed to the store and emits it: once per part, in order of hours and parts. */
    void flush(KeyValueStore<Bytes, byte[]> days, Emission emission) {
        for (int slot = changed.nextSetBit(0); slot >= 0; slot = changed.nextSetBit(slot + 1)) {
            OpenWindow window = open[slot];
            if (window == null) {
                continue;
            }
            for (Part full : window.takeFull()) {
                days.put(key.partBytes(slot, full.part()), StoredWindows.encode(full));
                emission.emit(key, slot, full);
            }
            Part last = window.open();
            written[slot] = StoredWindows.encode(last);
            if (last.state().count() > 0) {
                emission.emit(key, slot, last);
            }
        }
        changed.clear();
        days.put(key.bytes(), StoredWindows.encodeDay(written));
    }

    /** About how many bytes it takes on the heap. */
    int heapBytes() {
        int bytes = 500;
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            OpenWindow window = open[slot];
            byte @Nullable [] stored = written[slot];
            bytes += (window == null ? 0 : window.heapBytes()) + (stored == null ? 0 : 16 + stored.length);
        }
        return bytes;
    }
}

package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.stream.KeptReadings.Kept;
import io.tallystick.aggregator.stream.StoredWindows.Part;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.WindowKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A row of the store of days on the heap: 24 windows, of which those that were not touched stay as they were written. */
final class OpenDay {

    private final TotalsKey key;
    private final Bytes row;
    private final WindowKind kind;
    private final byte[][] written;
    private final @Nullable OpenWindow[] open = new OpenWindow[HourWindow.HOURS_PER_DAY];
    /** A bit for each slot. */
    private int changed;

    /** By slot, what came since the last flush and the state cannot give back. */
    private final TreeMap<Integer, List<Kept>> readings = new TreeMap<>();
    /** By slot, the highest part that stood before an event was voided and may be without events now. */
    private final TreeMap<Integer, Integer> voidedUpTo = new TreeMap<>();

    /** Receives what has changed in a day. */
    @FunctionalInterface
    interface Emission {
        void emit(TotalsKey day, int slot, Part part);
    }

    private OpenDay(TotalsKey key, Bytes row, WindowKind kind, byte[][] written) {
        this.key = key;
        this.row = row;
        this.kind = kind;
        this.written = written;
    }

    static OpenDay load(TotalsKey key, WindowKind kind, KeyValueStore<Bytes, byte[]> days) {
        Bytes row = key.bytes();
        byte @Nullable [] stored = days.get(row);
        byte[][] windows = stored == null ? new byte[HourWindow.HOURS_PER_DAY][] : StoredWindows.decodeDay(stored);
        return new OpenDay(key, row, kind, windows);
    }

    TotalsKey key() {
        return key;
    }

    /** Whether something waits for {@link #flush}. */
    boolean isChanged() {
        return changed != 0;
    }

    /** Whether no hour has had an event. */
    boolean isEmpty() {
        return IntStream.range(0, HourWindow.HOURS_PER_DAY).noneMatch(this::has);
    }

    /** Whether the hour has had an event, be it voided since. */
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
        // Most windows do not grow, and looking at what they take is looking at memory that is not at hand.
        boolean isOfNewSize = kind.grows() || open[slot] == null;
        int before = isOfNewSize ? heapBytesOf(slot) : 0;
        OpenWindow window = window(slot);
        window.add(
                reading,
                time,
                order,
                sequence,
                part -> fullPart(slot, part, days).state());
        int more = isOfNewSize ? window.heapBytes() - before : 0;
        if (!kind.givesBack()) {
            Kept kept = new Kept(time, order, sequence, reading.value(), reading.text());
            readings.computeIfAbsent(slot, s -> new ArrayList<>()).add(kept);
            more += kept.heapBytes();
        }
        changed |= 1 << slot;
        return more;
    }

    /**
     * Takes back what the day's meter read from an event, as if it had never come; about how many more bytes that takes on the heap. Everything must be
     * flushed.
     *
     * @param order the sequence of the event
     * @param sequence of the record that voids it
     */
    int takeBack(Reading reading, long time, long order, long sequence, AggregatorStores stores) {
        int slot = HourWindow.slotOf(HourWindow.hourOf(time));
        int before = heapBytesOf(slot);
        OpenWindow window = window(slot);
        voidedUpTo.put(slot, window.part());
        if (kind.givesBack()) {
            window.takeBack(reading, time, order, sequence, part -> fullPart(slot, part, stores.days()));
        } else {
            window = OpenWindow.empty(kind);
            open[slot] = window;
            for (Kept kept : KeptReadings.takeOut(key, slot, time, order, stores.readings())) {
                window.add(kept.reading(key), kept.time(), kept.order(), sequence, part -> {
                    throw new IllegalStateException("a window that is folded anew has its parts on the heap");
                });
            }
            window.touched(sequence);
        }
        changed |= 1 << slot;
        return window.heapBytes() - before;
    }

    private OpenWindow window(int slot) {
        OpenWindow window = open[slot];
        if (window == null) {
            byte @Nullable [] stored = written[slot];
            window = stored == null ? OpenWindow.empty(kind) : OpenWindow.from(StoredWindows.decode(stored));
            open[slot] = window;
        }
        return window;
    }

    private int heapBytesOf(int slot) {
        OpenWindow window = open[slot];
        return window == null ? 0 : window.heapBytes();
    }

    private Part fullPart(int slot, int part, KeyValueStore<Bytes, byte[]> days) {
        byte @Nullable [] bytes = days.get(key.partBytes(slot, part));
        if (bytes == null) {
            throw new IllegalStateException("part " + part + " of " + key + ", hour " + slot + ", is not in the store");
        }
        return StoredWindows.decode(bytes);
    }

    /** Writes what has changed to the stores and emits it: once per part, in order of hours and parts; how many bytes that frees on the heap. */
    int flush(AggregatorStores stores, Emission emission) {
        KeyValueStore<Bytes, byte[]> days = stores.days();
        int freed = 0;
        for (int left = changed; left != 0; left &= left - 1) {
            int slot = Integer.numberOfTrailingZeros(left);
            OpenWindow window = open[slot];
            if (window == null) {
                continue;
            }
            int before = window.heapBytes() + writtenBytes(slot);
            for (Part full : window.takeFull()) {
                days.put(key.partBytes(slot, full.part()), StoredWindows.encode(full));
                emission.emit(key, slot, full);
            }
            Part last = window.open();
            written[slot] = StoredWindows.encode(last);
            freed += before - window.heapBytes() - writtenBytes(slot);
            int stood = voidedUpTo.getOrDefault(slot, -1);
            if (last.state().count() > 0 || last.part() <= stood) {
                emission.emit(key, slot, last);
            }
            for (int part = last.part(); part < stood; part++) {
                days.delete(key.partBytes(slot, part));
                emission.emit(key, slot, new Part(part + 1, last.sequence(), kind.empty()));
            }
        }
        changed = 0;
        voidedUpTo.clear();
        days.put(row, StoredWindows.encodeDay(written));
        for (List<Kept> kept : readings.values()) {
            freed += kept.stream().mapToInt(Kept::heapBytes).sum();
        }
        readings.forEach((slot, kept) -> KeptReadings.append(key, slot, kept, stores.readings()));
        readings.clear();
        return freed;
    }

    /** About how many bytes it takes on the heap; readings that wait to be written aside. */
    int heapBytes() {
        int bytes = 650;
        for (int slot = 0; slot < HourWindow.HOURS_PER_DAY; slot++) {
            bytes += heapBytesOf(slot) + writtenBytes(slot);
        }
        return bytes;
    }

    private int writtenBytes(int slot) {
        byte @Nullable [] stored = written[slot];
        return stored == null ? 0 : 16 + stored.length;
    }
}

package io.tallystick.ingest.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What stands in one event's data at each of the paths that were asked for, as it was written. */
public final class DataValues {

    /** What kind of JSON value stands at a path. */
    public enum Kind {
        MISSING,
        NULL,
        TEXT,
        NUMBER,
        BOOLEAN,
        /** An object or an array. */
        STRUCTURE,
        /** Text that cannot be written as UTF-8: an escaped surrogate without its partner. */
        NOT_UNICODE
    }

    static final DataValues NONE = new DataValues(0, null);

    private final Kind[] kinds;
    private final @Nullable String[] texts;
    private final @Nullable String unreadable;

    private DataValues(int slots, @Nullable String unreadable) {
        this.kinds = new Kind[slots];
        this.texts = new String[slots];
        this.unreadable = unreadable;
        Arrays.fill(kinds, Kind.MISSING);
    }

    static DataValues missing(int slots) {
        return slots == 0 ? NONE : new DataValues(slots, null);
    }

    static DataValues unreadable(int slots, String detail) {
        return new DataValues(slots, detail);
    }

    /** Why nothing can be read from the data at all; null when it can. */
    public @Nullable String unreadable() {
        return unreadable;
    }

    public Kind kind(int slot) {
        return kinds[slot];
    }

    /** The value's text: of text its characters, of numbers and booleans what the JSON says; "" for everything else. */
    public String text(int slot) {
        String text = texts[slot];
        return text == null ? "" : text;
    }

    void put(int slot, Kind kind, String text) {
        kinds[slot] = kind;
        texts[slot] = text;
    }

    /** Forgets what an earlier member of the same name left: of several the last one counts. */
    void clear(int[] slots) {
        for (int slot : slots) {
            kinds[slot] = Kind.MISSING;
            texts[slot] = null;
        }
    }
}

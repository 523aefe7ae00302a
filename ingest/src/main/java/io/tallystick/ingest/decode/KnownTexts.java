package io.tallystick.ingest.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that many events share, such as a type, a subject or a member's name, by their bytes: one that was read lately is found here
 * and need not be made and hashed anew. Each place holds the last text that fell on it, so the size is bounded. Names mostly come in the
 * order of the event before, so a name is first looked for by that. Safe for any number of threads: at worst one makes what another has
 * made.
 */
final class KnownTexts {

    private static final int PLACES = 4096; // a power of two
    private static final int LENGTH_MAX = 64;

    private static final int NAMES = 32; // a power of two

    private final @Nullable Known[] places = new Known[PLACES];
    /** By their place in an event; their bytes have the closing quote too, so that none is taken for the beginning of a longer one. */
    private final @Nullable Known[] names = new Known[NAMES];

    private static final class Known {
        final byte[] bytes;
        final String text;

        Known(byte[] bytes, String text) {
            this.bytes = bytes;
            this.text = text;
        }
    }

    /** The text of these bytes, which are ASCII. */
    String of(byte[] bytes, int from, int to) {
        if (to - from > LENGTH_MAX) {
            return made(bytes, from, to);
        }
        int place = (int) (PlainText.hash(bytes, from, to) >>> (Long.SIZE - Integer.numberOfTrailingZeros(PLACES)));
        Known known = places[place];
        if (known != null && PlainText.equal(known.bytes, bytes, from, to)) {
            return known.text;
        }
        String text = made(bytes, from, to);
        places[place] = new Known(Arrays.copyOfRange(bytes, from, to), text);
        return text;
    }

    /** The name that begins at {@code from}, if it is the one that stood at this place of an event lately; else null. */
    @Nullable
    String expected(int place, byte[] bytes, int from) {
        Known known = names[place & (NAMES - 1)];
        if (known == null) {
            return null;
        }
        int to = from + known.bytes.length;
        return to <= bytes.length && PlainText.equal(known.bytes, bytes, from, to) ? known.text : null;
    }

    /** As {@link #of}, of a name with a quote at {@code to}, which is expected at this place from now on. */
    String name(int place, byte[] bytes, int from, int to) {
        String name = of(bytes, from, to);
        if (to - from <= LENGTH_MAX) {
            names[place & (NAMES - 1)] = new Known(Arrays.copyOfRange(bytes, from, to + 1), name);
        }
        return name;
    }

    private static String made(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}

package io.tallystick.schemas.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Short texts by their UTF-8 bytes. Tenants, meters and dimensions come again in every record: a text that was read lately is
 * found here by comparing bytes, and need not be made, and later hashed, anew. Each place holds the last text that fell on it,
 * so the size is bounded. One thread at a time.
 */
final class KnownTexts {

    private static final int PLACES = 2048; // a power of two
    private static final int LENGTH_MAX = 64;

    private final @Nullable Known[] places = new Known[PLACES];

    private static final class Known {
        final byte[] bytes;
        final String text;

        Known(byte[] bytes, String text) {
            this.bytes = bytes;
            this.text = text;
        }
    }

    /** The text of {@code length} UTF-8 bytes. */
    String get(byte[] bytes, int from, int length) {
        if (length > LENGTH_MAX) {
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
        int place = placeOf(bytes, from, from + length, PLACES);
        Known known = places[place];
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, from + length)) {
            return known.text;
        }
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        places[place] = new Known(Arrays.copyOfRange(bytes, from, from + length), text);
        return text;
    }

    /** @param places a power of two */
    static int placeOf(byte[] bytes, int from, int to, int places) {
        int hash = to - from;
        for (int at = from; at < to; at++) {
            hash = 31 * hash + bytes[at];
        }
        hash *= 0x9E3779B9; // spreads the low bits over the high ones (Fibonacci hashing)
        return hash >>> (32 - Integer.numberOfTrailingZeros(places));
    }
}

package io.tallystick.ingest.decode;

import org.jspecify.annotations.Nullable;

/**
 * Attribute values that many events share, such as a type or a subject, by their characters: one that was read lately is found here and
 * need not be made, checked and hashed anew. Each place holds the last text that fell on it, so the size is bounded. Safe for any number
 * of threads: at worst one makes what another has made.
 */
final class KnownTexts {

    private static final int PLACES = 4096; // a power of two
    private static final int LENGTH_MAX = 64;

    private final @Nullable String[] places = new String[PLACES];

    /** The text of these characters; null when it was not kept, or another has taken its place. */
    @Nullable
    String find(char[] characters, int from, int length) {
        if (length > LENGTH_MAX) {
            return null;
        }
        int hash = 0;
        for (int at = from; at < from + length; at++) {
            hash = 31 * hash + characters[at]; // as String.hashCode
        }
        String known = places[placeOf(hash)];
        if (known == null || known.length() != length) {
            return null;
        }
        for (int at = 0; at < length; at++) {
            if (known.charAt(at) != characters[from + at]) {
                return null;
            }
        }
        return known;
    }

    /** Keeps a text whose characters are allowed. */
    void keep(String text) {
        if (text.length() <= LENGTH_MAX) {
            places[placeOf(text.hashCode())] = text;
        }
    }

    private static int placeOf(int hash) {
        int spread = hash * 0x9E3779B9; // spreads the low bits over the high ones (Fibonacci hashing)
        return spread >>> (32 - Integer.numberOfTrailingZeros(PLACES));
    }
}

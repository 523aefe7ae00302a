package io.tallystick.ingest.acceptance;

import io.tallystick.schemas.value.Dimensions;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The dimension combinations that one meter has read lately, by the values of its dimensions: most events bring one that was there
 * before. Each place holds the last that fell on it, so the size is bounded. Safe for any number of threads: at worst one makes what another has made.
 */
final class KnownSplits {

    private static final int PLACES = 256; // a power of two
    private static final int LENGTH_MAX = 256;

    private final List<String> names;
    private final @Nullable Known[] places = new Known[PLACES];

    private static final class Known {
        final String[] texts;
        final Dimensions dimensions;

        Known(String[] texts, Dimensions dimensions) {
            this.texts = texts;
            this.dimensions = dimensions;
        }
    }

    KnownSplits(Collection<String> names) {
        this.names = List.copyOf(names);
    }

    /** @param texts the values of the dimensions, in the order of their names; not changed from now on */
    Dimensions of(String[] texts) {
        int place = (Arrays.hashCode(texts) * 0x9E3779B9) >>> (32 - Integer.numberOfTrailingZeros(PLACES));
        Known known = places[place];
        if (known != null && Arrays.equals(known.texts, texts)) {
            return known.dimensions;
        }
        TreeMap<String, String> values = new TreeMap<>();
        int length = 0;
        for (int at = 0; at < texts.length; at++) {
            values.put(names.get(at), texts[at]);
            length += texts[at].length();
        }
        Dimensions dimensions = Dimensions.of(values);
        if (length <= LENGTH_MAX) {
            places[place] = new Known(texts, dimensions);
        }
        return dimensions;
    }
}

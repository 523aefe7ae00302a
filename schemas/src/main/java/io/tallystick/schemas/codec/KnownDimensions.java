package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.Dimensions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Dimensions by the bytes of the Avro map they are written as, as {@link KnownTexts} has texts. */
final class KnownDimensions {

    private static final int PLACES = 2048; // a power of two
    private static final int LENGTH_MAX = 256;

    private final @Nullable Known[] places = new Known[PLACES];

    private static final class Known {
        final byte[] bytes;
        final Dimensions dimensions;

        Known(byte[] bytes, Dimensions dimensions) {
            this.bytes = bytes;
            this.dimensions = dimensions;
        }
    }

    /** What was read from the same bytes before, if that is still here. */
    @Nullable
    Dimensions find(byte[] bytes, int from, int to) {
        if (to - from > LENGTH_MAX) {
            return null;
        }
        Known known = places[KnownTexts.placeOf(bytes, from, to, PLACES)];
        return known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, to)
                ? known.dimensions
                : null;
    }

    void put(byte[] bytes, int from, int to, Dimensions dimensions) {
        if (to - from <= LENGTH_MAX) {
            places[KnownTexts.placeOf(bytes, from, to, PLACES)] =
                    new Known(Arrays.copyOfRange(bytes, from, to), dimensions);
        }
    }
}

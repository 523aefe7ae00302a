package io.tallystick.schemas.topic;

import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Dimensions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of what many keys share: the start of an hour or a period, a dimension combination. Each place holds the last that fell on it, so
 * the size is bounded. Safe for any number of threads: at worst one writes what another has written.
 */
final class KeyTexts {

    private static final int INSTANTS = 256; // powers of two
    private static final int DIMENSIONS = 2048;
    private static final int LENGTH_MAX = 512;

    private static final @Nullable Known<Instant>[] KNOWN_INSTANTS = places(INSTANTS);
    private static final @Nullable Known<Dimensions>[] KNOWN_DIMENSIONS = places(DIMENSIONS);

    private KeyTexts() {}

    private static final class Known<T> {
        final T value;
        final String json;

        Known(T value, String json) {
            this.value = value;
            this.json = json;
        }
    }

    @SuppressWarnings("unchecked") // there are no arrays of generic types
    private static <T> @Nullable Known<T>[] places(int count) {
        return (Known<T>[]) new Known<?>[count];
    }

    /** ISO 8601, in quotes. */
    static String of(Instant instant) {
        int place = placeOf(Long.hashCode(instant.getEpochSecond()), INSTANTS);
        Known<Instant> known = KNOWN_INSTANTS[place];
        if (known == null || !known.value.equals(instant)) {
            known = new Known<>(instant, '"' + instant.toString() + '"');
            KNOWN_INSTANTS[place] = known;
        }
        return known.json;
    }

    /** An object of names and values. */
    static String of(Dimensions dimensions) {
        int place = placeOf(dimensions.hashCode(), DIMENSIONS);
        Known<Dimensions> known = KNOWN_DIMENSIONS[place];
        if (known == null || !known.value.equals(dimensions)) {
            known = new Known<>(dimensions, CanonicalJson.write(dimensions.values()));
            if (known.json.length() <= LENGTH_MAX) {
                KNOWN_DIMENSIONS[place] = known;
            }
        }
        return known.json;
    }

    private static int placeOf(int hash, int places) {
        return (hash * 0x9E3779B9) >>> (32 - Integer.numberOfTrailingZeros(places));
    }
}

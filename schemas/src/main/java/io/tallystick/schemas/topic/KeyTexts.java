package io.tallystick.schemas.topic;

import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.PerDimensions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of what many keys share: the start of an hour or a period, a dimension combination. Each place holds the last that fell on it, so
 * the size is bounded. Safe for any number of threads: at worst one writes what another has written.
 */
final class KeyTexts {

    private static final int INSTANTS = 256; // a power of two
    private static final int LENGTH_MAX = 512;

    private static final @Nullable Known[] KNOWN_INSTANTS = new Known[INSTANTS];
    private static final PerDimensions<String> DIMENSIONS = new PerDimensions<>(2048);

    private KeyTexts() {}

    private static final class Known {
        final Instant instant;
        final String json;

        Known(Instant instant, String json) {
            this.instant = instant;
            this.json = json;
        }
    }

    /** ISO 8601, in quotes. */
    static String of(Instant instant) {
        int place = (Long.hashCode(instant.getEpochSecond()) * 0x9E3779B9)
                >>> (32 - Integer.numberOfTrailingZeros(INSTANTS));
        Known known = KNOWN_INSTANTS[place];
        if (known == null || !known.instant.equals(instant)) {
            known = new Known(instant, '"' + instant.toString() + '"');
            KNOWN_INSTANTS[place] = known;
        }
        return known.json;
    }

    /** An object of names and values. */
    static String of(Dimensions dimensions) {
        String json = DIMENSIONS.find(dimensions);
        if (json == null) {
            json = CanonicalJson.write(dimensions.values());
            if (json.length() <= LENGTH_MAX) {
                DIMENSIONS.keep(dimensions, json);
            }
        }
        return json;
    }
}

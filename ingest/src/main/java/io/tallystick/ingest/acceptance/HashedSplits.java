package io.tallystick.ingest.acceptance;

import io.tallystick.schemas.value.Dimensions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the dimension combinations of one meter's readings add to the content hash, as {@link KnownSplits} has the combinations themselves:
 * of one that comes again it is not put together again. Safe for any number of threads.
 */
final class HashedSplits {

    private static final int PLACES = 256; // a power of two
    private static final int PART_BYTES_MAX = 1024;

    private final @Nullable Hashed[] places = new Hashed[PLACES];

    private static final class Hashed {
        final Dimensions dimensions;
        final byte[] part;

        Hashed(Dimensions dimensions, byte[] part) {
            this.dimensions = dimensions;
            this.part = part;
        }
    }

    /** @param scratch whatever is in it is lost */
    byte[] part(Dimensions dimensions, Fingerprint scratch) {
        int place = (dimensions.hashCode() * 0x9E3779B9) >>> (32 - Integer.numberOfTrailingZeros(PLACES));
        Hashed hashed = places[place];
        if (hashed != null && hashed.dimensions.equals(dimensions)) {
            return hashed.part;
        }
        scratch.start('s');
        for (Map.Entry<String, String> dimension : dimensions.values().entrySet()) {
            scratch.mark('d').text(dimension.getKey()).text(dimension.getValue());
        }
        byte[] part = scratch.toPart();
        if (part.length <= PART_BYTES_MAX) {
            places[place] = new Hashed(dimensions, part);
        }
        return part;
    }
}

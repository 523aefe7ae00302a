package io.tallystick.schemas.value;

import org.jspecify.annotations.Nullable;

/**
 * What was worked out of dimension combinations lately, such as how they are written. Each place holds the last that fell on it, so the
 * size is bounded. Safe for any number of threads: at worst one works out what another has.
 *
 * @param <V> immutable, or never changed
 */
public final class PerDimensions<V> {

    private final int places;
    private final @Nullable Known<V>[] known;

    private static final class Known<V> {
        final Dimensions dimensions;
        final V value;

        Known(Dimensions dimensions, V value) {
            this.dimensions = dimensions;
            this.value = value;
        }
    }

    /** @param places a power of two */
    @SuppressWarnings("unchecked") // there are no arrays of generic types
    public PerDimensions(int places) {
        this.places = places;
        this.known = (Known<V>[]) new Known<?>[places];
    }

    /** Null when it was not kept, or another has taken its place. */
    public @Nullable V find(Dimensions dimensions) {
        Known<V> at = known[placeOf(dimensions)];
        return at != null && at.dimensions.equals(dimensions) ? at.value : null;
    }

    public void keep(Dimensions dimensions, V value) {
        known[placeOf(dimensions)] = new Known<>(dimensions, value);
    }

    private int placeOf(Dimensions dimensions) {
        int spread = dimensions.hashCode() * 0x9E3779B9; // spreads the low bits over the high ones (Fibonacci hashing)
        return spread >>> (32 - Integer.numberOfTrailingZeros(places));
    }
}

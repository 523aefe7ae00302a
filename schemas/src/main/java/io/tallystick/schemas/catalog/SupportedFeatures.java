package io.tallystick.schemas.catalog;

import java.util.Set;

/**
 * The features of the catalogue that a build refuses because it does not carry them out yet: better a clear error than a charge that is silently not made.
 *
 * <p>A feature is a field, {@code charge.matrix}, or a word in one, {@code charge.model=percentage}. The fields' owners are {@code meter},
 * {@code quantum}, {@code pricing version}, {@code plan}, {@code commitment}, {@code charge}, {@code matrix row}, {@code tier},
 * {@code rounding}, {@code subscription}, {@code period}, {@code limits} and {@code provider}.
 */
public final class SupportedFeatures {

    /** What this build refuses. A feature leaves the list in the commit that carries it out. */
    public static final SupportedFeatures THIS_BUILD = refusing();

    private final Set<String> refused;

    private SupportedFeatures(Set<String> refused) {
        this.refused = refused;
    }

    /** Everything but the named features. */
    public static SupportedFeatures refusing(String... features) {
        return new SupportedFeatures(Set.of(features));
    }

    boolean isRefused(String feature) {
        return refused.contains(feature);
    }
}

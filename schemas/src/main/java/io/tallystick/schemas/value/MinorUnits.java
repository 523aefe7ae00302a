package io.tallystick.schemas.value;

import java.util.Set;

/**
 * The decimal places that amounts of a currency have (ISO 4217, 2026-01).
 *
 * <p>A table of our own, not the Java runtime's: that one differs between releases and can be changed from outside, and a bill must come out the same on
 * every machine.
 */
public final class MinorUnits {

    private static final Set<String> NONE = Set.of(
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF");
    private static final Set<String> THREE = Set.of("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND");
    private static final Set<String> FOUR = Set.of("CLF", "UYW");

    private MinorUnits() {}

    /** 2 unless the currency is one of the few that differ. */
    public static int of(String currency) {
        if (NONE.contains(currency)) {
            return 0;
        }
        if (THREE.contains(currency)) {
            return 3;
        }
        return FOUR.contains(currency) ? 4 : 2;
    }
}

package io.tallystick.schemas.value;

import java.math.BigDecimal;
import java.util.Optional;

/** Decimals as text: how they are read from untrusted input, and the one form in which they are written. */
public final class DecimalText {

    /** Longest accepted text of one number, in characters. */
    public static final int LENGTH_MAX = 256;

    /** Largest accepted power of ten, either way: beyond it a short text would unfold into megabytes. */
    public static final int EXPONENT_MAX = 256;

    private DecimalText() {}

    /**
     * Reads a decimal as JSON writes numbers: optional minus, digits, optional fraction, optional exponent ({@code 1e3}).
     * Empty for everything else: NaN, infinities, hexadecimal, leading plus, blanks, and numbers past the limits above.
     */
    public static Optional<BigDecimal> parse(String text) {
        if (text.length() > LENGTH_MAX || !isJsonNumber(text)) {
            return Optional.empty();
        }
        try {
            BigDecimal value = new BigDecimal(text);
            if (value.signum() == 0) {
                return Optional.of(value.scale() > 0 && value.scale() <= EXPONENT_MAX ? value : BigDecimal.ZERO);
            }
            long magnitude = (long) value.precision() - value.scale();
            if (Math.abs(magnitude) > EXPONENT_MAX || Math.abs((long) value.scale()) > EXPONENT_MAX) {
                return Optional.empty();
            }
            return Optional.of(value.scale() < 0 ? value.setScale(0) : value);
        } catch (NumberFormatException e) {
            return Optional.empty(); // an exponent past int
        }
    }

    /** Plain digits, no exponent, no trailing zeros after the point; zero is "0". */
    public static String canonical(BigDecimal value) {
        return stripped(value).toPlainString();
    }

    /** The same number without trailing zeros after the point and without negative scale: equal numbers become equal objects. */
    public static BigDecimal stripped(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if (value.scale() == 0) {
            return value;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static boolean isJsonNumber(String text) {
        int at = 0;
        int end = text.length();
        if (at < end && text.charAt(at) == '-') {
            at++;
        }
        int digits = digitsFrom(text, at);
        if (digits == 0) {
            return false;
        }
        at += digits;
        if (at < end && text.charAt(at) == '.') {
            int fraction = digitsFrom(text, at + 1);
            if (fraction == 0) {
                return false;
            }
            at += 1 + fraction;
        }
        if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            int exponent = digitsFrom(text, at);
            if (exponent == 0) {
                return false;
            }
            at += exponent;
        }
        return at == end;
    }

    private static int digitsFrom(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }
}

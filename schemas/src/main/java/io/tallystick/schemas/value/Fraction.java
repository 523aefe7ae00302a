package io.tallystick.schemas.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact rational number in lowest terms: what a quotient is carried as until the one place where it is rounded.
 * Two fractions are equal exactly when they denote the same number.
 */
public record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {

    public static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);
    public static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

    /** Decimal places shown of a quotient that does not end. */
    public static final int SHOWN_SCALE = 12;

    /** Those that are a {@code long}, by exponent. */
    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        long power = 1;
        for (int exponent = 0; exponent < POWERS_OF_TEN.length; exponent++) {
            POWERS_OF_TEN[exponent] = power;
            power *= 10;
        }
    }

    /** Brings the fraction to lowest terms with a positive denominator; a zero denominator is an ArithmeticException. */
    public Fraction {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("division by zero");
        }
        if (denominator.signum() < 0) {
            numerator = numerator.negate();
            denominator = denominator.negate();
        }
        if (isLong(numerator) && isLong(denominator)) { // nearly all are, and big integers divide slowly
            long divisor = gcd(numerator.longValue(), denominator.longValue());
            if (divisor != 1) {
                numerator = BigInteger.valueOf(numerator.longValue() / divisor);
                denominator = BigInteger.valueOf(denominator.longValue() / divisor);
            }
        } else if (!denominator.equals(BigInteger.ONE)) {
            BigInteger divisor = numerator.gcd(denominator);
            if (!divisor.equals(BigInteger.ONE)) {
                numerator = numerator.divide(divisor);
                denominator = denominator.divide(divisor);
            }
        }
    }

    public static Fraction of(long value) {
        return new Fraction(BigInteger.valueOf(value), BigInteger.ONE);
    }

    public static Fraction of(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    public static Fraction of(BigDecimal value) {
        return value.scale() <= 0
                ? new Fraction(value.toBigIntegerExact(), BigInteger.ONE)
                : new Fraction(
                        value.unscaledValue(),
                        value.scale() < POWERS_OF_TEN.length
                                ? BigInteger.valueOf(POWERS_OF_TEN[value.scale()])
                                : BigInteger.TEN.pow(value.scale()));
    }

    /** Whether its absolute value is a {@code long} too. */
    private static boolean isLong(BigInteger value) {
        return value.bitLength() < Long.SIZE - 1;
    }

    private static long gcd(long one, long other) {
        long a = Math.abs(one);
        long b = other;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }

    public Fraction plus(Fraction other) {
        if (denominator.equals(other.denominator)) {
            return new Fraction(numerator.add(other.numerator), denominator);
        }
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    public Fraction minus(Fraction other) {
        return plus(other.negated());
    }

    public Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    public Fraction times(BigDecimal factor) {
        return times(of(factor));
    }

    /** Throws ArithmeticException when {@code other} is zero. */
    public Fraction dividedBy(Fraction other) {
        return new Fraction(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    public Fraction negated() {
        return new Fraction(numerator.negate(), denominator);
    }

    public Fraction min(Fraction other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Fraction max(Fraction other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public int signum() {
        return numerator.signum();
    }

    public boolean isZero() {
        return signum() == 0;
    }

    /** Rounds to {@code scale} decimal places (negative scales round to tens, hundreds, …). The one place of rounding. */
    public BigDecimal rounded(int scale, RoundingMode mode) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), scale, mode);
    }

    /** The number as text: all its digits when it ends within 12 decimals, else 12 decimals, half away from zero. */
    public String shown() {
        return DecimalText.canonical(shownDecimal());
    }

    /** As {@link #shown()}, as a number without trailing zeros. */
    public BigDecimal shownDecimal() {
        if (denominator.equals(BigInteger.ONE)) {
            return new BigDecimal(numerator); // most are, and dividing is slow
        }
        if (isLong(denominator)) {
            long divisor = denominator.longValue();
            for (int scale = 1; scale < POWERS_OF_TEN.length; scale++) {
                if (POWERS_OF_TEN[scale] % divisor == 0) { // the first such scale leaves no zero at the end
                    return new BigDecimal(
                            numerator.multiply(BigInteger.valueOf(POWERS_OF_TEN[scale] / divisor)), scale);
                }
            }
        }
        try {
            return DecimalText.stripped(new BigDecimal(numerator).divide(new BigDecimal(denominator)));
        } catch (ArithmeticException endless) {
            return DecimalText.stripped(rounded(SHOWN_SCALE, RoundingMode.HALF_UP));
        }
    }

    @Override
    public int compareTo(Fraction other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}

package io.tallystick.rater.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;

/** A fraction of two whole numbers, never reduced: the arithmetic of the naive rater, which shares none with the one it checks. */
record Ratio(BigInteger over, BigInteger under) {

    static final Ratio ZERO = of("0");

    static Ratio of(String decimal) {
        return of(new BigDecimal(decimal));
    }

    static Ratio of(BigDecimal decimal) {
        BigDecimal whole = decimal;
        BigInteger under = BigInteger.ONE;
        while (whole.stripTrailingZeros().scale() > 0) {
            whole = whole.multiply(BigDecimal.TEN);
            under = under.multiply(BigInteger.TEN);
        }
        return new Ratio(whole.toBigIntegerExact(), under);
    }

    static Ratio of(long over, long under) {
        return new Ratio(BigInteger.valueOf(over), BigInteger.valueOf(under));
    }

    Ratio plus(Ratio other) {
        return new Ratio(over.multiply(other.under).add(other.over.multiply(under)), under.multiply(other.under));
    }

    Ratio minus(Ratio other) {
        return plus(other.times(of("-1")));
    }

    Ratio times(Ratio other) {
        return new Ratio(over.multiply(other.over), under.multiply(other.under));
    }

    Ratio by(Ratio other) {
        return new Ratio(over.multiply(other.under), under.multiply(other.over));
    }

    boolean isAbove(Ratio other) {
        return minus(other).sign() > 0;
    }

    int sign() {
        return over.signum() * under.signum();
    }

    /** The greatest whole number that is not above this one. */
    BigInteger floor() {
        BigInteger[] parts = over.abs().divideAndRemainder(under.abs());
        boolean begun = sign() < 0 && parts[1].signum() > 0;
        BigInteger size = begun ? parts[0].add(BigInteger.ONE) : parts[0];
        return sign() < 0 ? size.negate() : size;
    }

    /** To {@code scale} decimals; {@code mode} is up, down or half_up as the catalogue means them. */
    BigDecimal rounded(int scale, String mode) {
        Ratio unit = scale >= 0
                ? new Ratio(BigInteger.ONE, BigInteger.TEN.pow(scale))
                : new Ratio(BigInteger.TEN.pow(-scale), BigInteger.ONE);
        Ratio units = by(unit);
        BigInteger whole = switch (mode) {
            case "up" -> units.times(of("-1")).floor().negate();
            case "down" -> units.floor();
            case "half_up" -> {
                BigInteger size = (sign() < 0 ? units.times(of("-1")) : units)
                        .plus(of("0.5"))
                        .floor();
                yield sign() < 0 ? size.negate() : size;
            }
            default -> throw new IllegalArgumentException(mode);
        };
        return new BigDecimal(whole, scale);
    }
}

package io.tallystick.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FractionTest {

    private static final long SEED = 20_261_121;

    /** Both sides of what fits into a long, and of what it takes without overflow. */
    private static final List<BigInteger> EDGES = List.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            BigInteger.TEN,
            BigInteger.valueOf(Long.MAX_VALUE),
            BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE),
            BigInteger.ONE.shiftLeft(62),
            BigInteger.ONE.shiftLeft(62).subtract(BigInteger.ONE),
            BigInteger.TEN.pow(18),
            BigInteger.TEN.pow(19),
            BigInteger.TWO.pow(18),
            BigInteger.valueOf(5).pow(18),
            BigInteger.valueOf(5).pow(26),
            BigInteger.valueOf(5).pow(27));

    @Test
    void lowestTermsAndDecimalsAreThoseOfPlainBigIntegerArithmetic() {
        for (BigInteger numerator : EDGES) {
            for (BigInteger denominator : EDGES.subList(1, EDGES.size())) {
                check(numerator, denominator);
                check(numerator.negate(), denominator);
                check(numerator, denominator.negate());
            }
        }
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            BigInteger denominator = i % 2 == 0
                    ? new BigInteger(1 + random.nextInt(90), random).add(BigInteger.ONE)
                    : BigInteger.TWO
                            .pow(random.nextInt(22))
                            .multiply(BigInteger.valueOf(5).pow(random.nextInt(22)));
            BigInteger numerator = new BigInteger(random.nextInt(90), random);
            check(random.nextBoolean() ? numerator : numerator.negate(), denominator);
        }
    }

    @Test
    void aDecimalIsReadAsItIs() {
        for (String text : List.of("0", "0.000", "-1.50", "12E3", "0.000000000000000001", "1E-19", "-7E-40")) {
            BigDecimal value = new BigDecimal(text);
            Fraction fraction = Fraction.of(value);
            assertThat(new BigDecimal(fraction.numerator())
                            .compareTo(value.multiply(new BigDecimal(fraction.denominator()))))
                    .as(text)
                    .isZero();
            assertThat(fraction.numerator().gcd(fraction.denominator())).isEqualTo(BigInteger.ONE);
        }
    }

    @Test
    void nothingIsDividedByZero() {
        assertThatThrownBy(() -> Fraction.of(1, 0)).isInstanceOf(ArithmeticException.class);
    }

    /** The oracle is the definition: divide by the greatest common divisor; divide exactly, or round half away from zero at 12 places. */
    private static void check(BigInteger numerator, BigInteger denominator) {
        Fraction fraction = new Fraction(numerator, denominator);

        BigInteger divisor = numerator.gcd(denominator);
        BigInteger sign = BigInteger.valueOf(denominator.signum());
        assertThat(fraction.numerator()).isEqualTo(numerator.divide(divisor).multiply(sign));
        assertThat(fraction.denominator()).isEqualTo(denominator.divide(divisor).multiply(sign));

        BigDecimal expected;
        try {
            expected = new BigDecimal(numerator).divide(new BigDecimal(denominator));
        } catch (ArithmeticException endless) {
            expected = new BigDecimal(numerator).divide(new BigDecimal(denominator), 12, RoundingMode.HALF_UP);
        }
        BigDecimal shown = fraction.shownDecimal();
        assertThat(shown).as("%s/%s", numerator, denominator).isEqualByComparingTo(expected);
        assertThat(shown).isEqualTo(DecimalText.stripped(shown)); // in the one form of this number
    }
}

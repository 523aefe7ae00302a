package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A meter's quantity as a customer would say it: {@code 1.8 million requests}, {@code 14.2 worker hours}. For reading, never for reckoning.
 *
 * <p>The words are the meter's name. From 10,000 on numbers are counted in thousands, then millions and billions, with one decimal, half up; below 1 they
 * keep three significant digits. Seconds become minutes from 60 and hours from 3,600 on.
 */
final class QuantityWords {

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    private static final BigDecimal TEN_THOUSAND = BigDecimal.valueOf(10_000);
    private static final String SECONDS = "seconds";

    private QuantityWords() {}

    static String of(Meter meter, Fraction quantity) {
        String name = meter.meter().replace('_', ' ');
        boolean named = name.equals(SECONDS) || name.endsWith(" " + SECONDS);
        if (!named && !isSecond(meter.unit())) {
            return counted(quantity, name);
        }
        Fraction size = quantity.max(quantity.negated());
        String unit = SECONDS;
        long length = 1;
        if (size.compareTo(Fraction.of(3_600)) >= 0) {
            unit = "hours";
            length = 3_600;
        } else if (size.compareTo(Fraction.of(60)) >= 0) {
            unit = "minutes";
            length = 60;
        }
        Fraction units = quantity.dividedBy(Fraction.of(length));
        return named
                ? counted(units, name.substring(0, name.length() - SECONDS.length()) + unit)
                : counted(units, unit) + " of " + name;
    }

    private static boolean isSecond(String unit) {
        return unit.equals("second") || unit.equals(SECONDS) || unit.equals("s");
    }

    private static String counted(Fraction quantity, String nouns) {
        String number = number(quantity);
        boolean one = number.equals("1") && nouns.endsWith("s");
        return number + " " + (one ? nouns.substring(0, nouns.length() - 1) : nouns);
    }

    static String number(Fraction quantity) {
        BigDecimal exact = quantity.shownDecimal();
        BigDecimal size = exact.abs();
        if (size.compareTo(BigDecimal.ONE) < 0) {
            return DecimalText.canonical(exact.round(new MathContext(3, RoundingMode.HALF_UP)));
        }
        if (tenths(size).compareTo(TEN_THOUSAND) < 0) {
            return DecimalText.canonical(tenths(exact));
        }
        int power = 0;
        BigDecimal scaled = exact;
        String[] words = {"", " thousand", " million", " billion"};
        while (power + 1 < words.length && tenths(scaled.abs()).compareTo(THOUSAND) >= 0) {
            scaled = scaled.movePointLeft(3);
            power++;
        }
        return DecimalText.canonical(tenths(scaled)) + words[power];
    }

    private static BigDecimal tenths(BigDecimal value) {
        return value.setScale(1, RoundingMode.HALF_UP);
    }
}

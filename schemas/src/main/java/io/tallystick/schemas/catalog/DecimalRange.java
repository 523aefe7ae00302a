package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import java.util.Optional;

/** The decimals that a field takes. */
enum DecimalRange {
    ANY("be a decimal"),
    NOT_ZERO("not be 0"),
    NOT_NEGATIVE("not be negative"),
    POSITIVE("be greater than 0"),
    DISCOUNT_PERCENT("be from 0 to 100 percent"),
    RATE_PERCENT("be from 0 to 1000 percent"),
    SHARE("be a share greater than 0 and at most 10 (0.8 for 80 percent)");

    private static final BigDecimal HUNDRED = new BigDecimal(100);
    private static final BigDecimal THOUSAND = new BigDecimal(1000);

    private final String rule;

    DecimalRange(String rule) {
        this.rule = rule;
    }

    /** Reads a decimal, given as text or as a number, with the scale it was written with; reports what is none or out of range. */
    static Optional<BigDecimal> read(CatalogErrors errors, String path, Object value, DecimalRange range) {
        Optional<BigDecimal> decimal = value instanceof BigDecimal number
                ? Optional.of(number)
                : value instanceof String text ? DecimalText.parse(text) : Optional.empty();
        if (decimal.isEmpty()) {
            errors.add(
                    path, FieldReader.describe(value) + " is not a decimal; write digits with a point, as in \"0.10\"");
            return decimal;
        }
        if (!range.takes(decimal.get())) {
            errors.add(path, "must " + range.rule + " but is " + decimal.get().toPlainString());
            return Optional.empty();
        }
        return decimal;
    }

    private boolean takes(BigDecimal value) {
        return switch (this) {
            case ANY -> true;
            case NOT_ZERO -> value.signum() != 0;
            case NOT_NEGATIVE -> value.signum() >= 0;
            case POSITIVE -> value.signum() > 0;
            case DISCOUNT_PERCENT -> value.signum() >= 0 && value.compareTo(HUNDRED) <= 0;
            case RATE_PERCENT -> value.signum() >= 0 && value.compareTo(THOUSAND) <= 0;
            case SHARE -> value.signum() > 0 && value.compareTo(BigDecimal.TEN) <= 0;
        };
    }
}

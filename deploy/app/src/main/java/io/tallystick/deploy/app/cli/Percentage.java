package io.tallystick.deploy.app.cli;

import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A percentage from 0 on, as {@code 15} or {@code 2.5}. */
final class Percentage implements ITypeConverter<BigDecimal> {

    @Override
    public BigDecimal convert(String text) {
        return DecimalText.parse(text)
                .filter(percent -> percent.signum() >= 0)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not a percentage such as 15"));
    }
}

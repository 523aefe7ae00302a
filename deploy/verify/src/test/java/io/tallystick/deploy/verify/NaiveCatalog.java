package io.tallystick.deploy.verify;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A catalogue as {@link NaiveBill} is told of it: by hand, beside the document that the pipeline reads. */
public final class NaiveCatalog {

    private NaiveCatalog() {}

    /**
     * @param value field of the data, null to count events
     * @param step each value is rounded up to a multiple of it, null for as it is
     */
    public record Meter(
            String name,
            String type,
            @Nullable String value,
            List<String> dimensions,
            @Nullable String whereField,
            Set<String> whereValues,
            @Nullable BigDecimal step) {}

    /**
     * @param upTo inclusive, null for the open last tier
     */
    public record Tier(@Nullable BigDecimal upTo, BigDecimal unitPrice) {}

    /** A fee where {@code fee} is given, else a unit price where there is one, else graduated tiers. */
    public record Charge(
            String name,
            @Nullable Meter meter,
            @Nullable BigDecimal fee,
            @Nullable BigDecimal unitPrice,
            List<Tier> tiers,
            BigDecimal included,
            BigDecimal divideBy) {}
}

package io.tallystick.deploy.app.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far one day's metered usage is from what the supplier says.
 *
 * @param supplier what the supplier says; 0 where its file has no such line
 * @param metered what was metered; 0 where nothing was
 */
public record Drift(SupplierFile.Cell cell, BigDecimal supplier, BigDecimal metered) {

    private static final int DECIMALS_MAX = 12;
    private static final BigDecimal HUNDRED = new BigDecimal("100");

    /** Every day and group that either of the two knows. */
    public static List<Drift> between(
            SortedMap<SupplierFile.Cell, BigDecimal> supplier, SortedMap<SupplierFile.Cell, BigDecimal> metered) {
        SortedSet<SupplierFile.Cell> cells = new TreeSet<>(supplier.keySet());
        cells.addAll(metered.keySet());
        List<Drift> drifts = new ArrayList<>();
        for (SupplierFile.Cell cell : cells) {
            drifts.add(new Drift(
                    cell, supplier.getOrDefault(cell, BigDecimal.ZERO), metered.getOrDefault(cell, BigDecimal.ZERO)));
        }
        return drifts;
    }

    /** Whether the difference is more than {@code percent} of what the supplier says; decided exactly, and exactly as much is not more. */
    public boolean isBeyond(BigDecimal percent) {
        return difference().abs().multiply(HUNDRED).compareTo(supplier.abs().multiply(percent)) > 0;
    }

    public BigDecimal difference() {
        return metered.subtract(supplier);
    }

    /**
     * The difference as a percentage of what the supplier says, for people; empty where the supplier says 0. To one decimal, or to as many as it takes
     * that what is beyond the threshold does not read as if it were exactly that.
     */
    public Optional<BigDecimal> percent(BigDecimal threshold) {
        if (supplier.signum() == 0) {
            return Optional.empty();
        }
        BigDecimal percent = difference().multiply(HUNDRED).divide(supplier.abs(), MathContext.DECIMAL64);
        int scale = 1;
        while (scale < DECIMALS_MAX
                && isBeyond(threshold)
                && percent.setScale(scale, RoundingMode.HALF_UP).abs().compareTo(threshold) <= 0) {
            scale++;
        }
        return Optional.of(percent.setScale(scale, RoundingMode.HALF_UP));
    }
}

package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a charge does with its billable quantity. The rules stand in the docs' rating chapter; amounts are in the version's currency. */
public sealed interface PriceModel {

    /** The name that the catalogue uses. */
    String model();

    /** The amount, whatever the usage. */
    record Flat(BigDecimal amount) implements PriceModel {
        @Override
        public String model() {
            return "flat";
        }
    }

    /** billable × unitPrice × multiplier. */
    record PerUnit(BigDecimal unitPrice, BigDecimal multiplier) implements PriceModel {
        @Override
        public String model() {
            return "unit";
        }
    }

    /** Each slice at its own tier. */
    record Graduated(List<Tier> tiers) implements PriceModel {
        public Graduated {
            tiers = List.copyOf(tiers);
        }

        @Override
        public String model() {
            return "graduated";
        }
    }

    /** The whole quantity at the tier it ends in. */
    record Volume(List<Tier> tiers) implements PriceModel {
        public Volume {
            tiers = List.copyOf(tiers);
        }

        @Override
        public String model() {
            return "volume";
        }
    }

    /** packages × price. */
    record PerPackage(BigDecimal size, BigDecimal price, RoundingDirection round) implements PriceModel {
        @Override
        public String model() {
            return "package";
        }
    }

    /** Percent of a money-valued meter plus a fixed amount per event that is not free; null where not given. */
    record Percentage(
            BigDecimal rate,
            BigDecimal fixed,
            @Nullable Long freeEvents,
            @Nullable BigDecimal freeAmount,
            @Nullable BigDecimal minPerEvent,
            @Nullable BigDecimal maxPerEvent)
            implements PriceModel {
        @Override
        public String model() {
            return "percentage";
        }

        /** Whether the amount depends on single events and not only on their sum. */
        public boolean needsEvents() {
            return freeEvents != null || freeAmount != null || minPerEvent != null || maxPerEvent != null;
        }
    }

    /** Each slice of a money value at its own percentage. */
    record GraduatedPercentage(List<PercentTier> tiers) implements PriceModel {
        public GraduatedPercentage {
            tiers = List.copyOf(tiers);
        }

        @Override
        public String model() {
            return "graduated_percentage";
        }
    }

    /** The meter's money value × multiplier. */
    record Dynamic(BigDecimal multiplier) implements PriceModel {
        @Override
        public String model() {
            return "dynamic";
        }
    }

    /** A tier up to and including {@code upTo}, null for the open last one. */
    record Tier(@Nullable BigDecimal upTo, BigDecimal unitPrice, BigDecimal flat) {}

    /** A tier of percentages, up to and including {@code upTo}, null for the open last one. */
    record PercentTier(@Nullable BigDecimal upTo, BigDecimal rate, BigDecimal flat) {}
}

package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of an invoice, and of the charges of an open period. Fields that a kind has no use for are null.
 *
 * @param line its name within the invoice: the same for the same charge, part of the period and dimensions, however often it is rated
 * @param charge the charge's name; {@code commitment} for the true-up of a plan's commitment
 * @param dimensions the values that the line stands for, as far as one value each; empty for a fee
 * @param metered what the meter says, before any conversion
 * @param quantity in the units that are priced: converted and rounded
 * @param included free units of this part of the period
 * @param billable what the price model was given
 * @param unitPrice as the catalogue writes it, for the models that have one
 * @param amount rounded, at the currency's scale
 * @param exact the amount before it was rounded, behind discount and maximum
 * @param pricingVersion the one that priced it
 * @param period what is paid for: the billing period, the part of it that the price held for, or the next period of a fee in advance
 * @param tiers how the amount came about, before discount and maximum
 * @param adjusts for adjustments, the line that is corrected
 */
public record LineItem(
        String line,
        Kind kind,
        String charge,
        @Nullable String meter,
        String description,
        Dimensions dimensions,
        @Nullable BigDecimal metered,
        @Nullable BigDecimal quantity,
        @Nullable BigDecimal included,
        @Nullable BigDecimal billable,
        @Nullable BigDecimal unitPrice,
        BigDecimal amount,
        Fraction exact,
        String pricingVersion,
        Period period,
        List<TierSlice> tiers,
        @Nullable Adjusts adjusts) {

    /** What a line is for. */
    public enum Kind {
        /** A fixed price, whatever the usage. */
        FEE,
        /** Metered usage. */
        USAGE,
        /** Usage that no row of the charge's matrix takes: amount 0, and an alert. */
        UNRATED,
        /** What a minimum or a commitment adds. */
        TRUE_UP,
        /** A correction of a line of a closed period. */
        ADJUSTMENT,
        /** Taken off: what a plan gives in a transition, or prepaid credit. */
        CREDIT;

        /** As JSON writes it: lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The part of a line that one tier priced; models without tiers have one slice, for all of it.
     *
     * @param upTo the tier's bound, null for the open last one
     * @param quantity the units in it; for {@code package}, the number of packages; for {@code percentage}, the value that was charged for
     * @param unitPrice as the catalogue writes it; null where a rate stands in its place
     * @param rate percent, for the percentage models, else null
     * @param flat what entering the tier costs; for {@code percentage}, the fixed parts of all its events
     * @param amount of the slice, not rounded, shown to 12 decimals
     */
    public record TierSlice(
            @Nullable BigDecimal upTo,
            BigDecimal quantity,
            @Nullable BigDecimal unitPrice,
            @Nullable BigDecimal rate,
            BigDecimal flat,
            BigDecimal amount) {}

    /**
     * The line of a closed period that an adjustment corrects.
     *
     * @param period the billing period it was on the invoice of
     * @param line its name there
     * @param pricingVersion the one that priced it
     */
    public record Adjusts(Period period, String line, String pricingVersion) {}

    /**
     * The order of an invoice: fees, usage by charge with each true-up behind its line, usage without a price, the commitment, adjustments, credits, what is prepaid.
     * Total, because no two lines of an invoice have one name.
     */
    public static final Comparator<LineItem> INVOICE_ORDER = Comparator.<LineItem>comparingInt(LineItem::section)
            .thenComparing(LineItem::charge)
            .thenComparing(item -> item.period().start())
            .thenComparing(LineItem::dimensions)
            .thenComparing(LineItem::subject)
            .thenComparing(LineItem::kind)
            .thenComparing(LineItem::line);

    /** The charge's name on the true-up line of a plan's commitment, and that line's own name. */
    public static final String COMMITMENT = "commitment";

    /** The charge's name on a line that prepaid credit pays; its own name begins with its kind and this. */
    public static final String PREPAID = "prepaid_credit";

    public LineItem {
        tiers = List.copyOf(tiers);
    }

    /** Whether the line is a payment from prepaid credit, and not part of what the period costs. */
    public boolean isPrepaid() {
        return kind == Kind.CREDIT && line.startsWith("credit/" + PREPAID + "/");
    }

    /** Whether the line corrects what prepaid credit paid: it is given back there, and not in money. */
    public boolean isGivenBack() {
        return kind == Kind.ADJUSTMENT && adjusts != null && adjusts.line().startsWith("credit/" + PREPAID + "/");
    }

    private int section() {
        return switch (kind) {
            case FEE -> 0;
            case USAGE -> 1;
            case TRUE_UP -> line.equals(COMMITMENT) ? 3 : 1;
            case UNRATED -> 2;
            case ADJUSTMENT -> 4;
            case CREDIT -> isPrepaid() ? 6 : 5;
        };
    }

    /** The line's name without its kind, which comes first in it: a true-up has this in common with the line it belongs to. */
    private String subject() {
        return line.substring(line.indexOf('/') + 1);
    }
}

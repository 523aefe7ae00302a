package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;

/**
 * What becomes a line of its own: a charge, or one matrix row or {@code groupBy} value of it, in one part of a billing period.
 *
 * @param name within the invoice, without the kind in front of it
 * @param label what tells it from the charge's other lines, in words; may be ""
 * @param dimensions what the line shows
 * @param period what is paid for
 * @param share of the billing period: allowance and bounds are due for that much
 * @param amountIsShared whether the amount, too, is due for that share only
 */
record LineGroup(
        String name,
        Charge charge,
        String label,
        Dimensions dimensions,
        String pricingVersion,
        Period period,
        Fraction share,
        boolean amountIsShared) {

    String description() {
        String base = charge.description().isBlank() ? charge.charge() : charge.description();
        return label.isEmpty() ? base : base + " (" + label + ")";
    }
}

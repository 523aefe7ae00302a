package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;

/**
 * How far an hour's usage is.
 *
 * @param total what the meter has counted, over all dimensions
 * @param sent of it, to the provider
 * @param deliveries how many that took: the revision of the next
 */
public record HourUsage(BigDecimal total, BigDecimal sent, int deliveries) {

    public static final HourUsage NONE = new HourUsage(BigDecimal.ZERO, BigDecimal.ZERO, 0);

    public HourUsage {
        total = DecimalText.stripped(total);
        sent = DecimalText.stripped(sent);
    }

    /** What {@link #text} wrote. */
    public static HourUsage parse(String text) {
        String[] parts = text.split(" ", -1);
        return new HourUsage(new BigDecimal(parts[0]), new BigDecimal(parts[1]), Integer.parseInt(parts[2]));
    }

    public String text() {
        return total.toPlainString() + " " + sent.toPlainString() + " " + deliveries;
    }

    public HourUsage plus(BigDecimal change) {
        return new HourUsage(total.add(change), sent, deliveries);
    }

    /** Behind a delivery that brings the provider to the total. */
    public HourUsage delivered() {
        return new HourUsage(total, total, deliveries + 1);
    }

    /** What the provider does not have yet; negative where usage was withdrawn. */
    public BigDecimal unsent() {
        return total.subtract(sent);
    }

    public boolean isDue() {
        return unsent().signum() != 0;
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What late usage and voids change of a closed period that is rated again, as a whole and under the catalogue revision of its close.
 *
 * <p>Per line, the difference of the rounded amounts is booked, and the new rating becomes what the next difference is taken from. So after any sequence of
 * corrections the original and all adjustments add up to what one clean rating gives, to the last cent: nothing is rounded twice.
 */
public final class LateAdjustments {

    private LateAdjustments() {}

    /**
     * The adjustment lines that lead from what is booked to what the period costs now; none for a line whose amount stays.
     *
     * @param closed the billing period whose lines these are
     * @param booked the original lines, or those of the rating that was booked last
     * @param now the same period, rated again
     */
    public static List<LineItem> between(Period closed, List<LineItem> booked, List<LineItem> now) {
        Map<String, LineItem> before = byName(booked);
        Map<String, LineItem> after = byName(now);
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<LineItem> adjustments = new ArrayList<>();
        for (String name : names) {
            LineItem from = before.get(name);
            LineItem to = after.get(name);
            BigDecimal difference = amount(to).subtract(amount(from));
            if (difference.signum() != 0) {
                adjustments.add(adjustment(closed, from, to, difference));
            }
        }
        adjustments.sort(LineItem.INVOICE_ORDER);
        return adjustments;
    }

    /** The name of the line that corrects one of a closed period. */
    static String nameOf(Period closed, String line) {
        return "adjustment/" + closed.start() + "/" + line;
    }

    private static LineItem adjustment(
            Period closed, @Nullable LineItem from, @Nullable LineItem to, BigDecimal difference) {
        LineItem original = from != null ? from : present(to);
        return new LineItem(
                nameOf(closed, original.line()),
                LineItem.Kind.ADJUSTMENT,
                original.charge(),
                original.meter(),
                "Late usage: " + original.description(),
                original.dimensions(),
                difference(from == null ? null : from.metered(), to == null ? null : to.metered()),
                difference(from == null ? null : from.quantity(), to == null ? null : to.quantity()),
                null,
                difference(from == null ? null : from.billable(), to == null ? null : to.billable()),
                null,
                difference,
                Fraction.of(difference),
                original.pricingVersion(),
                original.period(),
                List.of(),
                new LineItem.Adjusts(closed, original.line(), original.pricingVersion()));
    }

    private static LineItem present(@Nullable LineItem item) {
        if (item == null) {
            throw new IllegalStateException("a line that is neither before nor after");
        }
        return item;
    }

    private static BigDecimal amount(@Nullable LineItem item) {
        return item == null ? BigDecimal.ZERO : item.amount();
    }

    private static @Nullable BigDecimal difference(@Nullable BigDecimal from, @Nullable BigDecimal to) {
        if (from == null && to == null) {
            return null;
        }
        return (to == null ? BigDecimal.ZERO : to).subtract(from == null ? BigDecimal.ZERO : from);
    }

    private static Map<String, LineItem> byName(List<LineItem> items) {
        Map<String, LineItem> byName = new HashMap<>();
        for (LineItem item : items) {
            if (byName.put(item.line(), item) != null) {
                throw new IllegalArgumentException("two lines of one name: " + item.line());
            }
        }
        return byName;
    }
}

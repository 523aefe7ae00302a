package io.tallystick.invoicer.delivery;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The lines of an invoice as a provider gets them: few enough, and in its units. */
final class InvoiceItems {

    /** The most that Stripe takes on one invoice. */
    static final int ITEMS_MAX = 250;

    private static final int DESCRIPTION_LENGTH_MAX = 500;

    private InvoiceItems() {}

    /** One item, of a finished amount. */
    record Item(String description, BigInteger amount, Period period) {}

    private record Part(String description, BigDecimal amount, Period period) {}

    /** All lines, one by one; where there are too many, the lines of one charge and kind together, and at last all others together. */
    static List<Item> of(Invoice invoice, ProviderUnits units) {
        List<Part> parts = new ArrayList<>();
        for (LineItem line : invoice.lines()) {
            parts.add(new Part(line.description(), line.amount(), line.period()));
        }
        if (parts.size() > ITEMS_MAX) {
            parts = rolledUp(invoice);
        }
        List<BigInteger> amounts =
                units.allocate(parts.stream().map(Part::amount).toList());
        List<Item> items = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            items.add(new Item(shortened(part.description()), amounts.get(i), part.period()));
        }
        return items;
    }

    private static List<Part> rolledUp(Invoice invoice) {
        List<Part> parts = new ArrayList<>();
        List<LineItem> together = new ArrayList<>();
        for (LineItem line : invoice.lines()) { // sorted by kind and charge
            if (!together.isEmpty() && !isSame(together.get(0), line)) {
                parts.add(sum(together.get(0).charge(), together, invoice));
                together.clear();
            }
            together.add(line);
        }
        parts.add(sum(together.get(0).charge(), together, invoice));
        if (parts.size() <= ITEMS_MAX) {
            return parts;
        }
        List<Part> few = new ArrayList<>(parts.subList(0, ITEMS_MAX - 1));
        List<Part> others = parts.subList(ITEMS_MAX - 1, parts.size());
        few.add(new Part(
                others.size() + " other charges",
                others.stream().map(Part::amount).reduce(BigDecimal.ZERO, BigDecimal::add),
                invoice.period()));
        return few;
    }

    private static boolean isSame(LineItem one, LineItem other) {
        return one.charge().equals(other.charge()) && one.kind() == other.kind();
    }

    private static Part sum(String charge, List<LineItem> lines, Invoice invoice) {
        if (lines.size() == 1) {
            return new Part(
                    lines.get(0).description(),
                    lines.get(0).amount(),
                    lines.get(0).period());
        }
        return new Part(
                charge + " (" + lines.get(0).kind().text() + ", " + lines.size() + " lines)",
                lines.stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add),
                invoice.period());
    }

    private static String shortened(String text) {
        return text.length() <= DESCRIPTION_LENGTH_MAX ? text : text.substring(0, DESCRIPTION_LENGTH_MAX - 1) + "…";
    }
}

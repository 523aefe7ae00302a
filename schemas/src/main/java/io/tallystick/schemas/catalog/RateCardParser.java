package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the rate cards of a meter. */
final class RateCardParser {

    private RateCardParser() {}

    /** @param dimensions of the meter */
    static List<RateCard> parse(FieldReader meter, Set<String> dimensions) {
        List<RateCard> cards = new ArrayList<>();
        SortedMap<Instant, String> dates = new TreeMap<>();
        for (FieldReader.Element element : meter.optionalList("cost")) {
            FieldReader fields = FieldReader.of(meter.reading(), "rate card", element.path(), element.tree());
            RateCard card = card(fields, dimensions);
            boolean isDated = fields.has("effectiveFrom") && !fields.isBroken("effectiveFrom");
            String twin = isDated ? dates.putIfAbsent(card.effectiveFrom(), element.path()) : null;
            if (twin != null) {
                fields.error("effectiveFrom", "is the date of " + twin + " already");
            }
            cards.add(card);
        }
        return cards;
    }

    private static RateCard card(FieldReader fields, Set<String> dimensions) {
        Instant effectiveFrom = fields.instant("effectiveFrom");
        String currency = PricingParser.currency(fields);
        BigDecimal divideBy = fields.decimal("divideBy", BigDecimal.ONE, DecimalRange.POSITIVE);
        List<RateCard.Rate> rates = new ArrayList<>();
        for (FieldReader.Element element : fields.list("rates")) {
            rates.add(rate(FieldReader.of(fields.reading(), "rate", element.path(), element.tree()), dimensions));
        }
        fields.close();
        return new RateCard(effectiveFrom, currency, divideBy, rates);
    }

    private static RateCard.Rate rate(FieldReader fields, Set<String> dimensions) {
        SortedMap<String, List<String>> where = WhereParser.ofDimensions(fields);
        for (String name : where.keySet()) {
            if (!dimensions.contains(name)) {
                fields.reading()
                        .errors()
                        .add(
                                fields.path("where") + "." + name,
                                "the meter has no dimension " + name
                                        + (dimensions.isEmpty()
                                                ? "; it has none"
                                                : "; its dimensions are " + String.join(", ", dimensions)));
            }
        }
        BigDecimal unitCost = fields.decimal("unitCost", DecimalRange.NOT_NEGATIVE);
        fields.close();
        return new RateCard.Rate(where, unitCost);
    }
}

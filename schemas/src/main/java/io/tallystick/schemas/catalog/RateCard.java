package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a meter's units cost us from an instant on, until the next card's: a provider's prices. It decides no invoice.
 *
 * @param divideBy metered units that one priced unit has
 * @param rates by dimension values; most conditions win, then the first
 */
public record RateCard(Instant effectiveFrom, String currency, BigDecimal divideBy, List<Rate> rates) {

    /** The cost of one unit of usage with these dimension values; an empty {@code where} takes what is left. */
    public record Rate(SortedMap<String, List<String>> where, BigDecimal unitCost) {
        public Rate {
            where = Collections.unmodifiableSortedMap(new TreeMap<>(where));
        }
    }

    public RateCard {
        rates = List.copyOf(rates);
    }
}

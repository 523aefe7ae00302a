package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.MatrixRow;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.RateCard;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the usage of a billing period costs us by the rate cards of its meters, beside what it brings in. No invoice depends on it.
 *
 * @param total the sum of all costs in {@code currency}, rounded once
 * @param margin what the period's own lines come to, less {@code total}
 * @param complete whether all usage of meters with a rate card has a rate in {@code currency}
 */
public record UsageCost(String currency, BigDecimal total, BigDecimal margin, boolean complete, List<Row> rows) {

    /**
     * The usage of a meter with the same values in the dimensions that its rate cards name.
     *
     * @param cost exact; null where no rate takes the usage
     * @param currency of the cost
     * @param revenue the usage lines of just this usage; null where lines do not tell it apart, or are in another currency
     */
    public record Row(
            String meter,
            Dimensions dimensions,
            Fraction quantity,
            @Nullable Fraction cost,
            String currency,
            @Nullable BigDecimal revenue) {}

    public UsageCost {
        rows = List.copyOf(rows);
    }

    /**
     * Empty rows where no billed meter has a rate card.
     *
     * @param lines what the period is charged, in {@code currency}
     */
    public static UsageCost of(
            Catalog catalog,
            Subscription subscription,
            Period period,
            String currency,
            UsageSource usage,
            List<LineItem> lines) {
        Period part = BillingPeriods.of(subscription).partOf(period).orElse(period);
        Map<String, List<UsageGroups>> billed = new LinkedHashMap<>();
        for (VersionsInForce.Part each : new VersionsInForce(catalog, subscription).parts(part)) {
            for (Charge charge : each.plan().charges()) {
                if (charge.meter() != null) {
                    billed.computeIfAbsent(charge.meter(), any -> new ArrayList<>())
                            .add(new UsageGroups(charge));
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        billed.forEach((name, groups) -> {
            Meter meter = catalog.meters().get(name);
            if (meter != null && !meter.cost().isEmpty()) {
                rows.addAll(rows(meter, groups, part, period, currency, usage, lines));
            }
        });
        int scale = MinorUnits.of(currency);
        Fraction total = Fraction.ZERO;
        boolean complete = true;
        for (Row row : rows) {
            boolean counts = row.cost() != null && row.currency().equals(currency);
            complete &= counts;
            total = counts && row.cost() != null ? total.plus(row.cost()) : total;
        }
        BigDecimal rounded = total.rounded(scale, RoundingMode.HALF_UP);
        BigDecimal revenue = lines.stream()
                .filter(line -> line.kind() != LineItem.Kind.ADJUSTMENT && !line.isPrepaid())
                .map(LineItem::amount)
                .reduce(BigDecimal.ZERO.setScale(scale), BigDecimal::add);
        return new UsageCost(currency, rounded, revenue.subtract(rounded), complete, rows);
    }

    /** What one kind of usage adds up to. */
    private record Key(Dimensions dimensions, String currency, boolean hasRate) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::dimensions)
                .thenComparing(Key::currency)
                .thenComparing(Key::hasRate);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private record Sum(Fraction quantity, Fraction cost) {
        Sum plus(Sum other) {
            return new Sum(quantity.plus(other.quantity), cost.plus(other.cost));
        }
    }

    private static List<Row> rows(
            Meter meter,
            List<UsageGroups> billed,
            Period part,
            Period period,
            String currency,
            UsageSource usage,
            List<LineItem> lines) {
        List<RateCard> cards = meter.cost().stream()
                .sorted(Comparator.comparing(RateCard::effectiveFrom))
                .toList();
        Set<String> named = new TreeSet<>();
        cards.forEach(
                card -> card.rates().forEach(rate -> named.addAll(rate.where().keySet())));
        TreeMap<Key, Sum> sums = new TreeMap<>();
        Instant first = cards.get(0).effectiveFrom();
        if (part.start().isBefore(first)) {
            Period before = new Period(part.start(), first.isBefore(part.end()) ? first : part.end());
            RateCard none = new RateCard(part.start(), cards.get(0).currency(), BigDecimal.ONE, List.of());
            add(none, meter, before, period, usage, billed, named, sums);
        }
        for (int i = 0; i < cards.size(); i++) {
            Instant end = i + 1 < cards.size() ? cards.get(i + 1).effectiveFrom() : Instant.MAX;
            RateCard card = cards.get(i);
            new Period(card.effectiveFrom(), end)
                    .overlap(part)
                    .ifPresent(stretch -> add(card, meter, stretch, period, usage, billed, named, sums));
        }
        List<Row> rows = new ArrayList<>();
        sums.forEach((key, sum) -> rows.add(new Row(
                meter.meter(),
                key.dimensions(),
                sum.quantity(),
                key.hasRate() ? sum.cost() : null,
                key.currency(),
                key.currency().equals(currency) ? revenue(meter.meter(), key.dimensions(), named, lines) : null)));
        return rows;
    }

    private static void add(
            RateCard card,
            Meter meter,
            Period stretch,
            Period period,
            UsageSource usage,
            List<UsageGroups> billed,
            Set<String> named,
            TreeMap<Key, Sum> sums) {
        MatrixRows rates = new MatrixRows(card.rates().stream()
                .map(rate ->
                        new MatrixRow(rate.where(), Price.of(new PriceModel.PerUnit(rate.unitCost(), BigDecimal.ONE))))
                .toList());
        usage.usage(meter.meter(), stretch).forEach((dimensions, range) -> {
            if (billed.stream().anyMatch(groups -> groups.takes(dimensions))) {
                int row = card.rates().isEmpty() ? MatrixRows.NONE : rates.of(dimensions);
                Fraction quantity = range.quantity(period);
                Fraction cost = row == MatrixRows.NONE
                        ? Fraction.ZERO
                        : quantity.dividedBy(Fraction.of(card.divideBy()))
                                .times(card.rates().get(row).unitCost());
                Key key = new Key(dimensions.only(List.copyOf(named)), card.currency(), row != MatrixRows.NONE);
                sums.merge(key, new Sum(quantity, cost), Sum::plus);
            }
        });
    }

    /** What usage lines of the meter with these dimension values come to; null where one of its lines does not say them. */
    private static @Nullable BigDecimal revenue(
            String meter, Dimensions dimensions, Set<String> named, List<LineItem> lines) {
        BigDecimal sum = null;
        for (LineItem line : lines) {
            if (line.kind() == LineItem.Kind.USAGE && meter.equals(line.meter())) {
                if (!line.dimensions().values().keySet().containsAll(named)) {
                    return null;
                }
                if (line.dimensions().only(List.copyOf(named)).equals(dimensions)) {
                    sum = sum == null ? line.amount() : sum.add(line.amount());
                }
            }
        }
        return sum;
    }
}

package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Transition;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A second rater, slow and obvious: it walks through a billing period hour by hour, asks for every hour which version holds, and sorts single events
 * into lines. It shares the catalogue's records with the one it checks, and nothing else.
 */
final class NaiveRater {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(E[+-]?[0-9]+)?");

    private final Catalog catalog;
    private final Subscription subscription;
    private final List<TestingUsage.Event> events;
    private final int scale;
    /** Versions that are priced as another would, to see what that costs. */
    private final Map<String, String> instead = new TreeMap<>();

    private final IdentityHashMap<Charge, String> texts = new IdentityHashMap<>();

    NaiveRater(Catalog catalog, Subscription subscription, List<TestingUsage.Event> events) {
        this.catalog = catalog;
        this.subscription = subscription;
        // Sorting is stable: events of one time stay in the order of the log.
        this.events = events.stream()
                .sorted(Comparator.comparing(TestingUsage.Event::time))
                .toList();
        this.scale = MinorUnits.of(catalog.pricing().values().iterator().next().currency());
    }

    /** Amounts by line name. */
    Map<String, BigDecimal> bill(Period period, Period next) {
        Map<String, BigDecimal> ofPeriod = new TreeMap<>();
        Map<String, BigDecimal> advance = fees(period, Charge.Timing.IN_ADVANCE);
        ofPeriod.putAll(fees(period, Charge.Timing.IN_ARREARS));
        ofPeriod.putAll(usage(period));
        Map<String, BigDecimal> bill = new TreeMap<>(ofPeriod);
        ofPeriod.putAll(advance);
        if (!subscription.start().isBefore(period.start())) {
            bill.putAll(advance);
        }
        bill.putAll(fees(next, Charge.Timing.IN_ADVANCE));
        BigDecimal missing = commitment(period)
                .rounded(scale, "half_up")
                .subtract(ofPeriod.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        if (isCommitted(period) && missing.signum() > 0) {
            bill.put("commitment", missing);
        }
        transitions(period, bill);
        return bill;
    }

    /** Caps in order of time, then credits: what they take off one after the other, as long as the bill has it. */
    private void transitions(Period period, Map<String, BigDecimal> bill) {
        List<PricingVersion> versions = new ArrayList<>();
        for (Instant hour : hours(period)) {
            PricingVersion version = versionAt(hour);
            if (version != null && !versions.contains(version)) {
                versions.add(version);
            }
        }
        for (boolean caps : new boolean[] {true, false}) {
            for (PricingVersion version : versions) {
                Transition transition =
                        version.plan(subscription.plan()).orElseThrow().transition();
                boolean takenOver = subscription.start().isBefore(version.effectiveFrom());
                if (takenOver && transition != null && caps && transition.cap() != null) {
                    takeOff(bill, "credit/rate_cap/" + version.version(), capped(period, version, transition.cap()));
                } else if (takenOver && transition != null && !caps && transition.credit() != null) {
                    int days = transition.credit().days();
                    int inside = hoursOf(period, version, days);
                    Ratio credit = Ratio.of(transition.credit().amount())
                            .times(Ratio.of(inside, hours(period).size()));
                    takeOff(bill, "credit/transition_credit/" + version.version(), credit);
                }
            }
        }
    }

    private void takeOff(Map<String, BigDecimal> bill, String name, Ratio wanted) {
        BigDecimal left = bill.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal amount = wanted.rounded(scale, "half_up").min(left);
        if (amount.signum() > 0) {
            bill.put(name, amount.negate());
        }
    }

    private Ratio capped(Period period, PricingVersion version, Transition.Cap cap) {
        int inside = hoursOf(period, version, cap.days());
        int newer = hoursOf(period, version, Integer.MAX_VALUE);
        int all = 0;
        for (Instant hour : hours(period)) {
            all += versionAt(hour) == null ? 0 : 1;
        }
        Ratio now = Ratio.of(itself(period));
        instead.put(version.version(), cap.from());
        Ratio before = Ratio.of(itself(period));
        instead.clear();
        Ratio percent = Ratio.of(cap.percent()).by(Ratio.of("100"));
        Ratio allowance = before.sign() > 0 ? before.times(percent).times(Ratio.of(newer, all)) : Ratio.ZERO;
        return now.minus(before).minus(allowance).times(Ratio.of(inside, newer));
    }

    /** For how many hours the version holds, in its first so many days. */
    private int hoursOf(Period period, PricingVersion version, int days) {
        int hours = 0;
        for (Instant hour : hours(period)) {
            boolean early = Duration.between(version.effectiveFrom(), hour).toHours() < days * 24L;
            hours += early && version.equals(versionAt(hour)) ? 1 : 0;
        }
        return hours;
    }

    private BigDecimal itself(Period period) {
        Map<String, BigDecimal> lines = fees(period, Charge.Timing.IN_ADVANCE);
        lines.putAll(fees(period, Charge.Timing.IN_ARREARS));
        lines.putAll(usage(period));
        BigDecimal sum = lines.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return isCommitted(period) ? sum.max(commitment(period).rounded(scale, "half_up")) : sum;
    }

    private record Stretch(Charge charge, Instant start, List<Instant> hours, Ratio share) {
        boolean has(Instant time) {
            return !time.isBefore(start) && time.isBefore(end());
        }

        Instant end() {
            return hours.get(hours.size() - 1).plus(Duration.ofHours(1));
        }

        String name() {
            return charge.charge() + "/" + start.toString().substring(0, 13) + "Z";
        }
    }

    private Plan planAt(Instant hour) {
        PricingVersion version = versionAt(hour);
        if (version == null) {
            return null;
        }
        String priced = instead.getOrDefault(version.version(), version.version());
        return catalog.pricing().get(priced).plan(subscription.plan()).orElseThrow();
    }

    private PricingVersion versionAt(Instant hour) {
        if (hour.isBefore(subscription.start()) || (subscription.end() != null && !hour.isBefore(subscription.end()))) {
            return null;
        }
        PricingVersion found = null;
        for (PricingVersion version : catalog.pricing().values()) {
            boolean holds = !version.effectiveFrom().isAfter(hour)
                    && version.plan(subscription.plan()).isPresent();
            if (holds && (found == null || version.effectiveFrom().isAfter(found.effectiveFrom()))) {
                found = version;
            }
        }
        return found;
    }

    private static List<Instant> hours(Period period) {
        List<Instant> hours = new ArrayList<>();
        for (Instant hour = period.start(); hour.isBefore(period.end()); hour = hour.plus(Duration.ofHours(1))) {
            hours.add(hour);
        }
        return hours;
    }

    private List<Stretch> stretches(Period period) {
        Map<String, Stretch> open = new LinkedHashMap<>();
        List<Stretch> all = new ArrayList<>();
        List<Instant> hours = hours(period);
        for (Instant hour : hours) {
            Plan plan = planAt(hour);
            List<Charge> charges = plan == null ? List.of() : plan.charges();
            open.keySet()
                    .removeIf(name ->
                            charges.stream().noneMatch(charge -> charge.charge().equals(name)));
            for (Charge charge : charges) {
                Stretch before = open.get(charge.charge());
                if (before != null && text(before.charge()).equals(text(charge))) {
                    before.hours().add(hour);
                } else {
                    Stretch stretch = new Stretch(charge, hour, new ArrayList<>(List.of(hour)), null);
                    open.put(charge.charge(), stretch);
                    all.add(stretch);
                }
            }
        }
        return all.stream()
                .map(stretch -> new Stretch(
                        stretch.charge(),
                        stretch.start(),
                        stretch.hours(),
                        Ratio.of(stretch.hours().size(), hours.size())))
                .toList();
    }

    private String text(Charge charge) {
        return texts.computeIfAbsent(charge, NaiveRater::textOf);
    }

    private static String textOf(Charge charge) {
        return NUMBER.matcher(charge.toString())
                .replaceAll(number -> new BigDecimal(number.group()).signum() == 0
                        ? "0"
                        : new BigDecimal(number.group()).stripTrailingZeros().toPlainString());
    }

    private Map<String, BigDecimal> fees(Period period, Charge.Timing timing) {
        Map<String, BigDecimal> lines = new TreeMap<>();
        Set<String> dueOnce = new HashSet<>();
        List<Stretch> stretches = stretches(period);
        for (Stretch stretch : stretches) {
            Charge charge = stretch.charge();
            if (charge.meter() != null) {
                continue;
            }
            boolean first = stretch.start().equals(stretches.get(0).start());
            if (!charge.prorate() && first) {
                dueOnce.add(charge.charge());
            }
            boolean due = charge.prorate() ? !dueOnce.contains(charge.charge()) : first;
            if (due && charge.timing() == timing) {
                Ratio share = charge.prorate() ? stretch.share() : Ratio.of("1");
                Ratio exact = NaivePrice.exact(charge.price(), Ratio.ZERO, List.of(), share, share);
                put(lines, "fee", stretch.name(), charge.price(), exact, share, true);
            }
        }
        return lines;
    }

    private Map<String, BigDecimal> usage(Period period) {
        Map<String, BigDecimal> lines = new TreeMap<>();
        for (Stretch stretch : stretches(period)) {
            Charge charge = stretch.charge();
            if (charge.meter() == null) {
                continue;
            }
            Map<String, List<TestingUsage.Event>> groups = new TreeMap<>();
            Map<String, Price> prices = new TreeMap<>();
            for (TestingUsage.Event event : relevant(stretch)) {
                String row = rowOf(charge, event.dimensions());
                String name = stretch.name() + row;
                for (int i = 0; i < charge.groupBy().size(); i++) {
                    String dimension = charge.groupBy().get(i);
                    name += (i == 0 ? "/" : ",") + dimension + "="
                            + event.dimensions().get(dimension);
                }
                groups.computeIfAbsent(name, any -> new ArrayList<>()).add(event);
                prices.put(
                        name,
                        row.isEmpty()
                                ? charge.price()
                                : row.equals("!")
                                        ? Price.of(Given.unit("0"))
                                        : charge.matrix()
                                                .get(Integer.parseInt(row.substring(2)))
                                                .price());
            }
            if (groups.isEmpty()
                    && charge.groupBy().isEmpty()
                    && charge.matrix().isEmpty()) {
                groups.put(stretch.name(), List.of());
                prices.put(stretch.name(), charge.price());
            }
            groups.forEach((name, group) -> {
                if (name.contains("!")) {
                    if (metered(charge, group, stretch, period).sign() != 0) {
                        lines.put("unrated/" + name.replace("!", ""), BigDecimal.ZERO.setScale(scale));
                    }
                    return;
                }
                Price price = prices.get(name);
                Ratio metered = metered(charge, group, stretch, period);
                Aggregation aggregation = catalog.meters().get(charge.meter()).aggregation();
                boolean addsUp = List.of(Aggregation.SUM, Aggregation.COUNT, Aggregation.TIME_WEIGHTED)
                        .contains(aggregation);
                List<BigDecimal> values =
                        group.stream().map(TestingUsage.Event::value).toList();
                Ratio amountShare = addsUp ? Ratio.of("1") : stretch.share();
                Ratio exact = NaivePrice.exact(price, metered, values, stretch.share(), amountShare);
                boolean shows = NaivePrice.quantity(price, metered).sign() != 0;
                put(lines, "usage", name, price, exact, stretch.share(), shows);
            });
        }
        return lines;
    }

    private void put(
            Map<String, BigDecimal> lines,
            String kind,
            String name,
            Price price,
            Ratio exact,
            Ratio share,
            boolean shows) {
        BigDecimal amount = exact.rounded(scale, "half_up");
        if (shows || amount.signum() != 0) {
            lines.put(kind + "/" + name, amount);
        }
        if (price.minimum() != null) {
            BigDecimal minimum = Ratio.of(price.minimum()).times(share).rounded(scale, "half_up");
            if (minimum.compareTo(amount) > 0) {
                lines.put("true_up/" + name, minimum.subtract(amount));
            }
        }
    }

    private List<TestingUsage.Event> relevant(Stretch stretch) {
        Charge charge = stretch.charge();
        Meter meter = catalog.meters().get(charge.meter());
        boolean keepsLevel = meter.aggregation() == Aggregation.TIME_WEIGHTED;
        List<TestingUsage.Event> relevant = new ArrayList<>();
        for (TestingUsage.Event event : events) {
            boolean mine = event.meter().equals(charge.meter())
                    && charge.where().entrySet().stream()
                            .allMatch(entry ->
                                    entry.getValue().contains(event.dimensions().get(entry.getKey())));
            boolean now = stretch.has(event.time());
            boolean holdsLevel = keepsLevel && event.time().isBefore(stretch.end());
            if (mine && (now || (holdsLevel && isUsed(event.dimensions(), stretch)))) {
                relevant.add(event);
            }
        }
        return relevant;
    }

    /** Whether a level stands other than 0 when the stretch begins, or an event falls into it. */
    private boolean isUsed(Dimensions dimensions, Stretch stretch) {
        BigDecimal level = BigDecimal.ZERO;
        boolean inside = false;
        for (TestingUsage.Event event : events) {
            if (event.meter().equals(stretch.charge().meter())
                    && event.dimensions().equals(dimensions)) {
                inside |= stretch.has(event.time());
                level = event.time().isBefore(stretch.start()) ? event.value() : level;
            }
        }
        return inside || level.signum() != 0;
    }

    /** "/r" and the row's index; "" without a matrix; "!" when no row takes it. */
    private static String rowOf(Charge charge, Dimensions dimensions) {
        if (charge.matrix().isEmpty()) {
            return "";
        }
        int best = -1;
        for (int i = 0; i < charge.matrix().size(); i++) {
            Map<String, List<String>> where = charge.matrix().get(i).where();
            boolean all =
                    where.keySet().stream().allMatch(name -> where.get(name).contains(dimensions.get(name)));
            if (all
                    && (best < 0
                            || where.size() > charge.matrix().get(best).where().size())) {
                best = i;
            }
        }
        return best < 0 ? "!" : "/r" + best;
    }

    private Ratio metered(Charge charge, List<TestingUsage.Event> group, Stretch stretch, Period period) {
        List<BigDecimal> values = group.stream().map(TestingUsage.Event::value).toList();
        Ratio sum = Ratio.of(values.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        if (values.isEmpty()) {
            return Ratio.ZERO;
        }
        return switch (catalog.meters().get(charge.meter()).aggregation()) {
            case COUNT -> Ratio.of(values.size(), 1);
            case SUM -> sum;
            case AVG -> sum.by(Ratio.of(values.size(), 1));
            case MIN -> Ratio.of(values.stream().sorted().findFirst().orElseThrow());
            case MAX ->
                Ratio.of(values.stream()
                        .sorted(Comparator.reverseOrder())
                        .findFirst()
                        .orElseThrow());
            case LATEST -> Ratio.of(values.get(values.size() - 1));
            case UNIQUE_COUNT ->
                Ratio.of(
                        values.stream()
                                .map(BigDecimal::toPlainString)
                                .distinct()
                                .count(),
                        1);
            case TIME_WEIGHTED -> timeWeighted(group, stretch, period);
        };
    }

    /** Each change of a level counts from its time to the stretch's end. */
    private static Ratio timeWeighted(List<TestingUsage.Event> group, Stretch stretch, Period period) {
        Map<Dimensions, BigDecimal> levels = new LinkedHashMap<>();
        Ratio total = Ratio.ZERO;
        for (TestingUsage.Event event : group) {
            BigDecimal before = levels.getOrDefault(event.dimensions(), BigDecimal.ZERO);
            levels.put(event.dimensions(), event.value());
            Instant from = event.time().isBefore(stretch.start()) ? stretch.start() : event.time();
            long millis = Duration.between(from, stretch.end()).toMillis();
            total = total.plus(Ratio.of(event.value().subtract(before)).times(Ratio.of(millis, 1)));
        }
        return total.by(Ratio.of(period.length().toMillis(), 1));
    }

    private boolean isCommitted(Period period) {
        return hours(period).stream().map(this::planAt).anyMatch(plan -> plan != null && plan.commitment() != null);
    }

    private Ratio commitment(Period period) {
        Map<BigDecimal, Integer> hoursByAmount = new LinkedHashMap<>();
        for (Instant hour : hours(period)) {
            Plan plan = planAt(hour);
            if (plan != null && plan.commitment() != null) {
                hoursByAmount.merge(plan.commitment(), 1, Integer::sum);
            }
        }
        Ratio commitment = Ratio.ZERO;
        for (Map.Entry<BigDecimal, Integer> entry : hoursByAmount.entrySet()) {
            Ratio share = Ratio.of(entry.getValue(), hours(period).size());
            commitment = commitment.plus(Ratio.of(entry.getKey()).times(share));
        }
        return commitment;
    }
}

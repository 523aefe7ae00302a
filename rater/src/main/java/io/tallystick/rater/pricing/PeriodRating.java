package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.MinorUnits;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Rates one billing period of one subscription: a pure function of the catalogue, the period and the usage in it.
 *
 * <p>The period is cut wherever another version comes into force and where the subscription starts or ends; a charge that stays the same across a cut is
 * not cut. Every stretch is rated by itself.
 */
public final class PeriodRating {

    private final Catalog catalog;
    private final Subscription subscription;
    private final BillingPeriods periods;
    private final VersionsInForce versions;
    private final String currency;
    private final ChargeRating rating;
    private final UsageSource usage;
    private final Forecast forecast;

    private PeriodRating(Catalog catalog, Subscription subscription, UsageSource usage, Forecast forecast) {
        this.catalog = catalog;
        this.subscription = subscription;
        this.periods = BillingPeriods.of(subscription);
        this.versions = new VersionsInForce(catalog, subscription);
        this.currency = versions.currency()
                .orElseThrow(() -> new IllegalArgumentException("no pricing version holds for "
                        + subscription.subscription() + " (plan " + subscription.plan() + ")"));
        this.rating = new ChargeRating(MinorUnits.of(currency));
        this.usage = usage;
        this.forecast = forecast;
    }

    /**
     * The lines of the invoice that a close of {@code period} would make now.
     *
     * @param period a whole billing period, also where the subscription covers only a part of it
     * @throws IllegalArgumentException when no pricing version contains the subscription's plan, which no valid catalogue lets happen
     */
    public static RatedPeriod rate(Catalog catalog, Subscription subscription, Period period, UsageSource usage) {
        return new PeriodRating(catalog, subscription, usage, Forecast.NONE).rate(period);
    }

    /** What the period is going to cost if usage goes on as it has on average until {@code now}; fees are those of {@link #rate}. */
    public static RatedPeriod projected(
            Catalog catalog, Subscription subscription, Period period, UsageSource usage, Instant now) {
        return new PeriodRating(catalog, subscription, usage, Forecast.at(now)).rate(period);
    }

    private RatedPeriod rate(Period period) {
        List<VersionsInForce.Part> parts = parts(period);
        List<LineItem> advance = fees(period, parts, Timing.IN_ADVANCE);
        List<LineItem> behind = behind(period, parts, advance);

        List<LineItem> lines = new ArrayList<>(behind);
        if (!subscription.start().isBefore(period.start())) {
            lines.addAll(advance);
        }
        Period next = periods.next(period);
        lines.addAll(fees(next, parts(next), Timing.IN_ADVANCE));
        TransitionCredits credits =
                new TransitionCredits(subscription, versions, period, parts, under -> cost(period, under));
        lines.addAll(credits.lines(total(lines)));
        lines.sort(LineItem.INVOICE_ORDER);
        return new RatedPeriod(period, currency, lines, total(lines));
    }

    /**
     * What the period itself costs but for its fees in advance: fees, usage and the true-up of its commitment.
     *
     * @param advance the period's fees in advance: they count towards the commitment, though they are on the invoice before; the next
     *     period's do not
     */
    private List<LineItem> behind(Period period, List<VersionsInForce.Part> parts, List<LineItem> advance) {
        List<LineItem> lines = new ArrayList<>(fees(period, parts, Timing.IN_ARREARS));
        lines.addAll(usage(period, parts));
        commitment(period, parts, total(lines).add(total(advance))).ifPresent(lines::add);
        return lines;
    }

    /** What the period itself costs, wherever it is invoiced. */
    private BigDecimal cost(Period period, List<VersionsInForce.Part> parts) {
        List<LineItem> advance = fees(period, parts, Timing.IN_ADVANCE);
        return total(behind(period, parts, advance)).add(total(advance));
    }

    private List<VersionsInForce.Part> parts(Period period) {
        return periods.partOf(period).map(versions::parts).orElse(List.of());
    }

    private List<LineItem> fees(Period period, List<VersionsInForce.Part> parts, Timing timing) {
        List<LineItem> lines = new ArrayList<>();
        for (ChargeRun run : ChargeRun.of(parts)) {
            Charge charge = run.charge();
            if (charge.meter() == null && charge.timing() == timing) {
                boolean once = ChargeRun.isDueOnce(charge);
                LineGroup group = new LineGroup(
                        LineNaming.ofRun(run),
                        charge,
                        "",
                        Dimensions.NONE,
                        run.pricingVersion(),
                        run.period(),
                        once ? Fraction.ONE : run.period().shareOf(period),
                        true);
                lines.addAll(rating.fee(group, charge.price()).lines());
            }
        }
        return lines;
    }

    private List<LineItem> usage(Period period, List<VersionsInForce.Part> parts) {
        List<LineItem> lines = new ArrayList<>();
        for (ChargeRun run : ChargeRun.of(parts)) {
            String meter = run.charge().meter();
            if (meter != null) {
                lines.addAll(usage(period, run, meter));
            }
        }
        return lines;
    }

    private List<LineItem> usage(Period period, ChargeRun run, String meter) {
        Charge charge = run.charge();
        UsageGroups groups = new UsageGroups(charge);
        Period part = periods.partOf(period).orElse(period);
        Forecast.Basis basis = forecast.of(run.period(), part, catalog.meters().get(meter));
        SortedMap<Dimensions, RangeUsage> found = usage.usage(meter, basis.range());
        SortedMap<UsageGroups.Key, RangeUsage> grouped = groups.of(found);
        boolean amountIsShared = !addsUpOverTime(meter);
        List<LineItem> lines = new ArrayList<>();
        grouped.forEach((key, range) -> {
            Metered metered = new Metered(range.quantity(period), range.eventCount(), range.events(), basis.growth());
            if (key.row() == MatrixRows.NONE) {
                Dimensions shown = groups.inCommon(found.keySet(), key);
                lines.addAll(rating.unrated(group(period, run, key, shown, false), metered.expected())
                        .lines());
            } else {
                Dimensions shown = LineNaming.dimensions(charge, key);
                lines.addAll(rating.usage(group(period, run, key, shown, amountIsShared), groups.price(key), metered)
                        .lines());
            }
        });
        if (grouped.isEmpty() && charge.matrix().isEmpty() && charge.groupBy().isEmpty()) {
            UsageGroups.Key all = new UsageGroups.Key(0, Dimensions.NONE);
            lines.addAll(rating.usage(
                            group(period, run, all, Dimensions.NONE, amountIsShared), charge.price(), Metered.NOTHING)
                    .lines());
        }
        return lines;
    }

    private static LineGroup group(
            Period period, ChargeRun run, UsageGroups.Key key, Dimensions dimensions, boolean amountIsShared) {
        return new LineGroup(
                LineNaming.ofGroup(run, key),
                run.charge(),
                LineNaming.label(run.charge(), key),
                dimensions,
                run.pricingVersion(),
                run.period(),
                run.period().shareOf(period),
                amountIsShared);
    }

    /** A time-weighted quantity is divided by the whole period's length, so those of the parts do add up. */
    private boolean addsUpOverTime(String name) {
        Meter meter = catalog.meters().get(name);
        return meter == null || meter.aggregation().isAdditive() || meter.aggregation() == Aggregation.TIME_WEIGHTED;
    }

    private Optional<LineItem> commitment(Period period, List<VersionsInForce.Part> parts, BigDecimal spent) {
        Fraction commitment = null;
        for (VersionsInForce.Part part : parts) {
            BigDecimal amount = part.plan().commitment();
            if (amount != null) {
                Fraction share = Fraction.of(amount).times(part.period().shareOf(period));
                commitment = commitment == null ? share : commitment.plus(share);
            }
        }
        if (commitment == null) {
            return Optional.empty();
        }
        VersionsInForce.Part first = parts.get(0);
        Period covered = new Period(
                first.period().start(), parts.get(parts.size() - 1).period().end());
        return rating.commitment(commitment, spent, first.version().version(), covered);
    }

    private BigDecimal total(List<LineItem> lines) {
        return lines.stream()
                .map(LineItem::amount)
                .reduce(BigDecimal.ZERO.setScale(MinorUnits.of(currency)), BigDecimal::add);
    }
}

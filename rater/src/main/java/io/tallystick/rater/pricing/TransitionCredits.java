package io.tallystick.rater.pricing;

import io.tallystick.rater.pricing.VersionsInForce.Part;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Transition;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the plans of a period give to a subscription that they took over from an older version: caps first, then credits, each a line of its own.
 *
 * <p>A cap compares two costs of the whole period: as it is, and as it would be had the older version stayed in force. What is above that one, and above the
 * percentage of it for the share of the period that the newer version holds for, is taken off for as much of that stretch as lies inside the cap's days. All
 * lines together take off no more than the invoice has.
 */
final class TransitionCredits {

    /** The charge's name on a line that keeps a period under a cap. */
    private static final String RATE_CAP = "rate_cap";
    /** The charge's name on a line that takes a fixed amount off. */
    private static final String TRANSITION_CREDIT = "transition_credit";

    private final Subscription subscription;
    private final VersionsInForce versions;
    private final Period period;
    private final List<Part> parts;
    private final Function<List<Part>, BigDecimal> cost;

    /**
     * @param period a whole billing period
     * @param parts the subscription's part of it, oldest first
     * @param cost what the period itself comes to under such parts, in rounded lines
     */
    TransitionCredits(
            Subscription subscription,
            VersionsInForce versions,
            Period period,
            List<Part> parts,
            Function<List<Part>, BigDecimal> cost) {
        this.subscription = subscription;
        this.versions = versions;
        this.period = period;
        this.parts = parts;
        this.cost = cost;
    }

    /** @param due what the invoice has so far, at the currency's scale: never less than 0 is left of it */
    List<LineItem> lines(BigDecimal due) {
        List<LineItem> lines = new ArrayList<>();
        BigDecimal left = due;
        for (Part part : parts) {
            left = take(cap(part), left, lines);
        }
        for (Part part : parts) {
            left = take(credit(part), left, lines);
        }
        return lines;
    }

    /**
     * Something to take off.
     *
     * @param within the stretch that it is for
     */
    private record Relief(String charge, String description, Fraction amount, Part part, Period within) {}

    private Optional<Relief> cap(Part part) {
        Transition.Cap cap = transition(part).map(Transition::cap).orElse(null);
        if (cap == null) {
            return Optional.empty();
        }
        Period days = Transition.first(cap.days(), part.version().effectiveFrom());
        List<Part> older = versions.instead(part, cap.from(), parts);
        return part.period()
                .overlap(days)
                .map(within -> new Relief(
                        RATE_CAP,
                        "Rate cap: at most " + DecimalText.canonical(cap.percent()) + " % above " + cap.from()
                                + " until " + days.end(),
                        excess(part, cap, older).times(within.shareOf(part.period())),
                        part,
                        within));
    }

    /** How much more the period costs than it may; negative where it costs less. */
    private Fraction excess(Part part, Transition.Cap cap, List<Part> older) {
        Fraction before = Fraction.of(cost.apply(older));
        Period covered = new Period(
                parts.get(0).period().start(),
                parts.get(parts.size() - 1).period().end());
        Fraction above = Fraction.of(cap.percent())
                .dividedBy(PriceModels.HUNDRED)
                .times(part.period().shareOf(covered));
        Fraction allowed = before.plus(before.max(Fraction.ZERO).times(above));
        return Fraction.of(cost.apply(parts)).minus(allowed);
    }

    private Optional<Relief> credit(Part part) {
        Transition.Relief credit = transition(part).map(Transition::credit).orElse(null);
        if (credit == null) {
            return Optional.empty();
        }
        Period days = Transition.first(credit.days(), part.version().effectiveFrom());
        return part.period()
                .overlap(days)
                .map(within -> new Relief(
                        TRANSITION_CREDIT,
                        "Transition credit until " + days.end(),
                        Fraction.of(credit.amount()).times(within.shareOf(period)),
                        part,
                        within));
    }

    /** What the part's plan gives to this subscription: nothing to one that chose the version itself, by a pin or by starting under it. */
    private Optional<Transition> transition(Part part) {
        boolean takenOver = subscription.pricingVersion() == null
                && subscription.start().isBefore(part.version().effectiveFrom());
        return takenOver ? Optional.ofNullable(part.plan().transition()) : Optional.empty();
    }

    /** Adds the line, if there is something to take off and something left to take it from; gives what is left then. */
    private static BigDecimal take(Optional<Relief> relief, BigDecimal left, List<LineItem> lines) {
        if (relief.isEmpty()) {
            return left;
        }
        Fraction exact = relief.get().amount().min(Fraction.of(left));
        BigDecimal amount = exact.rounded(left.scale(), RoundingMode.HALF_UP);
        if (amount.signum() <= 0) {
            return left;
        }
        lines.add(line(relief.get(), amount.negate(), exact.negated()));
        return left.subtract(amount);
    }

    private static LineItem line(Relief relief, BigDecimal amount, Fraction exact) {
        String version = relief.part().version().version();
        return new LineItem(
                LineItem.Kind.CREDIT.text() + "/" + relief.charge() + "/" + version,
                LineItem.Kind.CREDIT,
                relief.charge(),
                null,
                relief.description(),
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                amount,
                exact,
                version,
                relief.within(),
                List.of(),
                null);
    }
}

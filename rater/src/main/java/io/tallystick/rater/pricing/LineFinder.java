package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.BillingPeriods;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.LineItem.Kind;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says which lines of a billing period one metered value is in, by what {@link PeriodRating} groups usage by; and what a line is rated by. */
public final class LineFinder {

    /**
     * What one line is rated by.
     *
     * @param price of the charge, or of its matrix row
     * @param share of the billing period that the line is for
     */
    public record Terms(Charge charge, Price price, Fraction share) {}

    private record Run(ChargeRun run, UsageGroups groups) {}

    private final Period period;
    private final List<Run> runs;

    /** @param period a whole billing period of the subscription */
    public LineFinder(Catalog catalog, Subscription subscription, Period period) {
        this.period = period;
        VersionsInForce versions = new VersionsInForce(catalog, subscription);
        List<VersionsInForce.Part> parts = BillingPeriods.of(subscription)
                .partOf(period)
                .map(versions::parts)
                .orElse(List.of());
        this.runs = ChargeRun.of(parts).stream()
                .map(run -> new Run(run, new UsageGroups(run.charge())))
                .toList();
    }

    /** The names of the lines that a value of a meter is in, in the plan's order. */
    public List<String> lines(String meter, Dimensions dimensions, Instant time) {
        List<String> lines = new ArrayList<>();
        for (Run one : runs) {
            boolean reads = meter.equals(one.run().charge().meter())
                    && one.run().period().contains(time);
            if (reads && one.groups().takes(dimensions)) {
                lines.add(name(one, dimensions));
            }
        }
        return lines;
    }

    /** Whether values with these dimensions go to a line, whenever in the line's period. */
    public boolean isIn(String line, String meter, Dimensions dimensions) {
        for (Run one : runs) {
            if (meter.equals(one.run().charge().meter())
                    && one.groups().takes(dimensions)
                    && subject(line).equals(subject(name(one, dimensions)))) {
                return true;
            }
        }
        return false;
    }

    /** What a line is rated by; empty for a line of no charge, such as a commitment or a correction. */
    public Optional<Terms> terms(String line) {
        String subject = subject(line);
        for (Run one : runs) {
            Charge charge = one.run().charge();
            String name = LineNaming.ofRun(one.run());
            Fraction share = one.run().period().shareOf(period);
            for (int row = 0; row < charge.matrix().size(); row++) {
                if (isOrBegins(subject, name + "/r" + row)) {
                    return Optional.of(
                            new Terms(charge, charge.matrix().get(row).price(), share));
                }
            }
            if (isOrBegins(subject, name)) {
                return Optional.of(new Terms(charge, charge.price(), share));
            }
        }
        return Optional.empty();
    }

    private static String name(Run run, Dimensions dimensions) {
        UsageGroups.Key key = run.groups().keyOf(dimensions);
        Kind kind = key.row() == MatrixRows.NONE ? Kind.UNRATED : Kind.USAGE;
        return kind.text() + "/" + LineNaming.ofGroup(run.run(), key);
    }

    private static boolean isOrBegins(String subject, String name) {
        return subject.equals(name) || subject.startsWith(name + "/");
    }

    /** A line's name without its kind: a true-up shares it with the line it belongs to. */
    private static String subject(String line) {
        return line.substring(line.indexOf('/') + 1);
    }
}

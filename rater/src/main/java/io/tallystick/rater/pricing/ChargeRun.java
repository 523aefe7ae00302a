package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.value.Period;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stretch of a billing period in which one charge stays the same, however often the pricing version changes around it.
 *
 * @param pricingVersion in force at its start
 */
record ChargeRun(Charge charge, String pricingVersion, Period period) {

    /** The runs of every charge, in the plan's order; parts come oldest first. */
    static List<ChargeRun> of(List<VersionsInForce.Part> parts) {
        Map<String, List<ChargeRun>> runs = new LinkedHashMap<>();
        for (VersionsInForce.Part part : parts) {
            for (Charge charge : part.plan().charges()) {
                List<ChargeRun> before = runs.computeIfAbsent(charge.charge(), name -> new ArrayList<>());
                if (isDueOnce(charge)) {
                    if (part.equals(parts.get(0))) {
                        Period all = new Period(
                                part.period().start(),
                                parts.get(parts.size() - 1).period().end());
                        before.add(new ChargeRun(charge, part.version().version(), all));
                    }
                } else if (charge.meter() != null || !isTakenWhole(before)) {
                    extend(before, charge, part);
                }
            }
        }
        return runs.values().stream().flatMap(List::stream).toList();
    }

    /** A fee that is not shared out by duration: due once, by the version in force at the start. */
    static boolean isDueOnce(Charge charge) {
        return charge.meter() == null && !charge.prorate();
    }

    /** Whether the fee is already due once for everything: then no other version's share of it is due on top. */
    private static boolean isTakenWhole(List<ChargeRun> runs) {
        return runs.stream().anyMatch(run -> isDueOnce(run.charge()));
    }

    private static void extend(List<ChargeRun> runs, Charge charge, VersionsInForce.Part part) {
        if (!runs.isEmpty()) {
            ChargeRun last = last(runs);
            boolean adjacent = last.period().end().equals(part.period().start());
            if (adjacent && SameCharge.test(last.charge(), charge)) {
                Period longer = new Period(last.period().start(), part.period().end());
                runs.set(runs.size() - 1, new ChargeRun(last.charge(), last.pricingVersion(), longer));
                return;
            }
        }
        runs.add(new ChargeRun(charge, part.version().version(), part.period()));
    }

    private static ChargeRun last(List<ChargeRun> runs) {
        return runs.get(runs.size() - 1);
    }
}

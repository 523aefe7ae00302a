package io.tallystick.schemas.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An immutable, dated set of plans.
 *
 * @param currency ISO 4217
 */
public record PricingVersion(
        String version, String description, Instant effectiveFrom, String currency, List<Plan> plans) {

    public PricingVersion {
        plans = List.copyOf(plans);
    }

    public Optional<Plan> plan(String name) {
        return plans.stream().filter(plan -> plan.plan().equals(name)).findFirst();
    }
}

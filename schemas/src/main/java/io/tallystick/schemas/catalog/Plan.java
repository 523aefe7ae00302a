package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription pays for.
 *
 * @param commitment the least that a period costs, or null; a true-up line makes up the rest
 * @param transition what it gives to those who come from an older version of it, or null
 */
public record Plan(
        String plan,
        String description,
        @Nullable BigDecimal commitment,
        List<Charge> charges,
        @Nullable Transition transition) {

    public Plan {
        charges = List.copyOf(charges);
    }

    /** A plan that eases nobody's way to it. */
    public Plan(String plan, String description, @Nullable BigDecimal commitment, List<Charge> charges) {
        this(plan, description, commitment, charges, null);
    }
}

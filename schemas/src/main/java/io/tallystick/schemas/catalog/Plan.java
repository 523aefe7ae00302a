package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription pays for.
 *
 * @param commitment the least that a period costs, or null; a true-up line makes up the rest
 */
public record Plan(
        String plan, String description, @Nullable BigDecimal commitment, List<Charge> charges) {

    public Plan {
        charges = List.copyOf(charges);
    }
}

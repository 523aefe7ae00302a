package io.tallystick.deploy.app.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Set;
import java.util.SortedMap;

/** What all tenants together have used of a meter. */
@FunctionalInterface
public interface MeteredDays {

    /**
     * By day and group, where there is any.
     *
     * @param through the last day
     * @param dimensions that are told apart
     */
    SortedMap<SupplierFile.Cell, BigDecimal> of(
            String meter, LocalDate from, LocalDate through, Set<String> dimensions);
}

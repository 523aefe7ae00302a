package io.tallystick.deploy.app.cost;

import java.util.Map;

/**
 * Where a supplier's file has what.
 *
 * @param day the column of the UTC day, as {@code 2026-04-01} or an instant in it
 * @param quantity the column of what was used, in the meter's unit
 * @param dimensions by dimension of the meter, its column; a dimension that is left out is not told apart
 */
public record SupplierColumns(String day, String quantity, Map<String, String> dimensions) {

    public static final String DAY = "day";
    public static final String QUANTITY = "quantity";

    public SupplierColumns {
        dimensions = Map.copyOf(dimensions);
    }
}

package io.tallystick.deploy.app.cost;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * A supplier's export that comes every day, and what it is compared with.
 *
 * @param supplier its name, for people
 * @param meter compared with no other export
 * @param file where it is; {@value #DAY} stands for the day, as 2026-04-01
 * @param threshold in percent of the supplier's figure
 * @param after how long after the end of a UTC day it is looked for
 */
public record CostExport(
        String supplier, String meter, String file, SupplierColumns columns, BigDecimal threshold, Duration after) {

    static final String DAY = "{day}";
    public static final BigDecimal THRESHOLD = new BigDecimal("15");
    public static final Duration AFTER = Duration.ofHours(6);

    Path fileOf(LocalDate day) {
        return Path.of(file.replace(DAY, day.toString()));
    }

    /** Whether each day has a file of its own. */
    boolean isOfOneDay() {
        return file.contains(DAY);
    }

    /** When the figures of a day are looked for. */
    Instant dueAt(LocalDate day) {
        return Objects.requireNonNull(day)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plus(after);
    }
}

package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.WindowKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A rule that turns events of one type into a quantity.
 *
 * @param meter unique name
 * @param eventType the exact CloudEvents type it reads
 * @param value where the value stands in the event's data; null only for {@code count}
 * @param dimensions by name, where each dimension's value stands
 * @param where by path, the texts of which one must stand there; all must hold
 * @param quantum if given, each event's value is rounded to a multiple of it
 * @param perEvent whether every event's value is kept
 * @param valueKind for {@code time_weighted}: whether a value is the new level or a change of it
 * @param effectiveFrom if given, only events whose time is not before it count
 * @param cost rate cards, by date; they decide no quantity and no invoice
 */
public record Meter(
        String meter,
        String description,
        String eventType,
        Aggregation aggregation,
        @Nullable DataPath value,
        SortedMap<String, DataPath> dimensions,
        SortedMap<DataPath, List<String>> where,
        String unit,
        @Nullable Quantum quantum,
        boolean perEvent,
        ValueKind valueKind,
        @Nullable Instant effectiveFrom,
        List<RateCard> cost) {

    /** Each event's value is rounded to a multiple of {@code step}, which is positive. */
    public record Quantum(BigDecimal step, RoundingDirection mode) {}

    public enum ValueKind {
        LEVEL,
        DELTA
    }

    public Meter {
        dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
        TreeMap<DataPath, List<String>> copy = new TreeMap<>();
        where.forEach((path, texts) -> copy.put(path, List.copyOf(texts)));
        where = Collections.unmodifiableSortedMap(copy);
        cost = List.copyOf(cost);
    }

    /** A meter whose units cost nothing that is known. */
    public Meter(
            String meter,
            String description,
            String eventType,
            Aggregation aggregation,
            @Nullable DataPath value,
            SortedMap<String, DataPath> dimensions,
            SortedMap<DataPath, List<String>> where,
            String unit,
            @Nullable Quantum quantum,
            boolean perEvent,
            ValueKind valueKind,
            @Nullable Instant effectiveFrom) {
        this(
                meter,
                description,
                eventType,
                aggregation,
                value,
                dimensions,
                where,
                unit,
                quantum,
                perEvent,
                valueKind,
                effectiveFrom,
                List.of());
    }

    /** What the meter's windows hold. */
    public WindowKind windowKind() {
        return switch (aggregation) {
            case COUNT, SUM, AVG -> perEvent ? WindowKind.EVENT_VALUES : WindowKind.COUNT_SUM;
            case MIN, MAX -> perEvent ? WindowKind.EVENT_VALUES : WindowKind.MIN_MAX;
            case LATEST -> perEvent ? WindowKind.EVENT_VALUES : WindowKind.LATEST;
            case UNIQUE_COUNT -> WindowKind.UNIQUE_VALUES;
            case TIME_WEIGHTED -> valueKind == ValueKind.LEVEL ? WindowKind.LEVEL_READINGS : WindowKind.LEVEL_CHANGES;
        };
    }

    /** Whether every event counts alike under both: they may differ in words. */
    public boolean countsLike(Meter other) {
        return withoutWords().equals(other.withoutWords());
    }

    private Meter withoutWords() {
        return new Meter(
                meter,
                "",
                eventType,
                aggregation,
                value,
                dimensions,
                where,
                "",
                quantum,
                perEvent,
                valueKind,
                effectiveFrom);
    }
}

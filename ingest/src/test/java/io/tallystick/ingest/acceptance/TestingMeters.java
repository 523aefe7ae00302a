package io.tallystick.ingest.acceptance;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RoundingDirection;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Meters and revisions to decide by. */
public final class TestingMeters {

    public static final Meter TOKENS = new TestingMeters("tokens", "tokens.used").sum("$.tokens");

    private final String name;
    private final String type;
    private final SortedMap<String, DataPath> dimensions = new TreeMap<>();
    private final SortedMap<DataPath, List<String>> where = new TreeMap<>();
    private Meter.@Nullable Quantum quantum;
    private @Nullable Instant effectiveFrom;

    TestingMeters(String name, String type) {
        this.name = name;
        this.type = type;
    }

    public static TestingMeters meter(String name, String type) {
        return new TestingMeters(name, type);
    }

    public TestingMeters by(String dimension, String path) {
        dimensions.put(dimension, DataPath.parse(path));
        return this;
    }

    public TestingMeters where(String path, String... texts) {
        where.put(DataPath.parse(path), List.of(texts));
        return this;
    }

    TestingMeters quantum(String step, RoundingDirection mode) {
        quantum = new Meter.Quantum(new BigDecimal(step), mode);
        return this;
    }

    public TestingMeters from(String instant) {
        effectiveFrom = Instant.parse(instant);
        return this;
    }

    public Meter sum(String path) {
        return of(Aggregation.SUM, path);
    }

    public Meter count() {
        return of(Aggregation.COUNT, null);
    }

    Meter unique(String path) {
        return of(Aggregation.UNIQUE_COUNT, path);
    }

    private Meter of(Aggregation aggregation, @Nullable String path) {
        return new Meter(
                name,
                "",
                type,
                aggregation,
                path == null ? null : DataPath.parse(path),
                dimensions,
                where,
                "",
                quantum,
                false,
                Meter.ValueKind.LEVEL,
                effectiveFrom);
    }

    public static CatalogRevision revision(int number, Meter... meters) {
        SortedMap<String, Meter> byName = new TreeMap<>();
        for (Meter meter : meters) {
            byName.put(meter.meter(), meter);
        }
        Catalog catalog = new Catalog(
                Catalog.Settings.DEFAULT, byName, Collections.emptySortedMap(), Collections.emptySortedMap());
        return new CatalogRevision(number, "sha256:" + number, catalog);
    }

    static RevisionRules rules(int number, Meter... meters) {
        return RevisionRules.of(revision(number, meters));
    }
}

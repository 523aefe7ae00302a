package io.tallystick.aggregator.stream;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.topic.CatalogReader;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/** A catalogue with one meter per way of aggregating, named after it, split by model and region. */
public final class TestingMeters implements CatalogReader {

    public static final List<Meter> ALL = List.of(
            meter("count", Aggregation.COUNT, false, Meter.ValueKind.LEVEL),
            meter("sum", Aggregation.SUM, false, Meter.ValueKind.LEVEL),
            meter("min", Aggregation.MIN, false, Meter.ValueKind.LEVEL),
            meter("max", Aggregation.MAX, false, Meter.ValueKind.LEVEL),
            meter("avg", Aggregation.AVG, false, Meter.ValueKind.LEVEL),
            meter("latest", Aggregation.LATEST, false, Meter.ValueKind.LEVEL),
            meter("unique_count", Aggregation.UNIQUE_COUNT, false, Meter.ValueKind.LEVEL),
            meter("level", Aggregation.TIME_WEIGHTED, false, Meter.ValueKind.LEVEL),
            meter("delta", Aggregation.TIME_WEIGHTED, false, Meter.ValueKind.DELTA),
            meter("each", Aggregation.SUM, true, Meter.ValueKind.LEVEL));

    public static Meter meter(String name) {
        return ALL.stream()
                .filter(meter -> meter.meter().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public CatalogRevision revision(int number, Duration patience) {
        TreeMap<String, Meter> meters = new TreeMap<>();
        ALL.forEach(meter -> meters.put(meter.meter(), meter));
        return new CatalogRevision(
                number, "sha256:test", new Catalog(Catalog.Settings.DEFAULT, meters, new TreeMap<>(), new TreeMap<>()));
    }

    private static Meter meter(String name, Aggregation aggregation, boolean perEvent, Meter.ValueKind valueKind) {
        TreeMap<String, DataPath> dimensions = new TreeMap<>();
        dimensions.put("model", DataPath.ofMember("model"));
        dimensions.put("region", DataPath.ofMember("region"));
        return new Meter(
                name,
                "",
                "test",
                aggregation,
                aggregation == Aggregation.COUNT ? null : DataPath.ofMember("value"),
                dimensions,
                new TreeMap<>(),
                "",
                null,
                perEvent,
                valueKind,
                null);
    }
}

package io.tallystick.ingest.acceptance;

import io.tallystick.ingest.decode.DataPaths;
import io.tallystick.ingest.decode.EventTypes;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Meter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One catalogue revision, made ready to decide events. Immutable: any number of threads may share it. */
public final class RevisionRules implements EventTypes {

    /** Before any revision: no meters, the default horizon and skew. */
    public static final RevisionRules BEFORE_ANY =
            of(new CatalogRevision(0, "", Catalog.empty(Catalog.Settings.DEFAULT)));

    private final int number;
    private final String hash;
    private final long horizonMs;
    private final long skewMs;
    private final Map<String, TypeRules> types = new HashMap<>();

    private RevisionRules(CatalogRevision revision) {
        this.number = revision.number();
        this.hash = revision.hash();
        this.horizonMs = revision.catalog().settings().horizon().toMillis();
        this.skewMs = revision.catalog().settings().skew().toMillis();
        Map<String, List<Meter>> byType = new HashMap<>();
        for (Meter meter : revision.catalog().meters().values()) {
            byType.computeIfAbsent(meter.eventType(), type -> new ArrayList<>()).add(meter);
        }
        byType.forEach((type, meters) -> types.put(type, new TypeRules(meters)));
    }

    public static RevisionRules of(CatalogRevision revision) {
        return new RevisionRules(revision);
    }

    public int number() {
        return number;
    }

    public String hash() {
        return hash;
    }

    public long horizonMs() {
        return horizonMs;
    }

    public long skewMs() {
        return skewMs;
    }

    /** How long an identity is remembered, by record timestamps. */
    public long memoryMs() {
        return horizonMs + skewMs;
    }

    @Override
    public @Nullable DataPaths pathsOf(String type) {
        TypeRules rules = types.get(type);
        return rules == null ? null : rules.paths();
    }

    @Nullable
    TypeRules type(String type) {
        return types.get(type);
    }
}

package io.tallystick.schemas.catalog;

import java.util.Comparator;

/** What names one object of a catalogue. Ordered by kind (meters, pricing, subscriptions, credits), then by name. */
public record CatalogKey(CatalogKind kind, String name) implements Comparable<CatalogKey> {

    private static final Comparator<CatalogKey> ORDER =
            Comparator.comparing(CatalogKey::kind).thenComparing(CatalogKey::name);

    @Override
    public int compareTo(CatalogKey other) {
        return ORDER.compare(this, other);
    }
}

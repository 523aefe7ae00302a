package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.ContentHash;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one revision of the catalogue is made of: its objects by the hash of their canonical JSON.
 *
 * @param number counts up from 1
 * @param previous the hash of the revision before, null for the first
 * @param hash of the content, see {@link CatalogCanonical#hash(Catalog)}
 * @param objects hash by kind and name
 */
public record CatalogManifest(
        int number,
        @Nullable String previous,
        String hash,
        Catalog.Settings settings,
        SortedMap<CatalogKey, String> objects) {

    /** A manifest whose hash is not that of its content is an IllegalArgumentException. */
    public CatalogManifest {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
        if (number < 1) {
            throw new IllegalArgumentException("revisions count up from 1, not " + number);
        }
        if (!hash.equals(CatalogCanonical.hash(settings, objects))) {
            throw new IllegalArgumentException(
                    "revision " + number + " is damaged: its content does not have the hash " + hash);
        }
    }

    /** The manifest that publishes {@code catalog} behind {@code previous}, the newest revision so far, if there is one. */
    public static CatalogManifest of(Catalog catalog, @Nullable CatalogManifest previous) {
        SortedMap<CatalogKey, String> hashes = new TreeMap<>();
        CatalogCanonical.objects(catalog).forEach((key, json) -> hashes.put(key, ContentHash.of(json)));
        return new CatalogManifest(
                previous == null ? 1 : previous.number() + 1,
                previous == null ? null : previous.hash(),
                CatalogCanonical.hash(catalog.settings(), hashes),
                catalog.settings(),
                hashes);
    }

    /** Canonical JSON: {@code {"hash":…,"number":1,"objects":[[kind, name, hash], …],"previous":…,"settings":{"horizon":…,"skew":…}}}. */
    public String json() {
        Map<String, @Nullable Object> tree = new TreeMap<>(CatalogCanonical.content(settings, objects));
        tree.put("number", number);
        tree.put("previous", previous);
        tree.put("hash", hash);
        return CanonicalJson.write(tree);
    }

    /** Reads back what {@link #json()} wrote, as a tree; an IllegalArgumentException if it is something else or damaged. */
    public static CatalogManifest parse(@Nullable Object tree) {
        CatalogErrors errors = new CatalogErrors();
        FieldReader fields = FieldReader.of(
                new FieldReader.Reading(errors, SupportedFeatures.refusing()), "manifest", "manifest", tree);
        int number = (int) fields.whole("number", 1, Integer.MAX_VALUE);
        String previous = fields.optionalText("previous").orElse(null);
        String hash = fields.text("hash");
        Catalog.Settings settings = fields.optionalObject("settings", "settings")
                .map(CatalogManifest::settings)
                .orElse(Catalog.Settings.DEFAULT);
        SortedMap<CatalogKey, String> objects = new TreeMap<>();
        for (FieldReader.Element element : fields.list("objects")) {
            if (!(element.tree() instanceof List<?> entry) || entry.size() != 3) {
                errors.add(element.path(), "expected kind, name and hash");
                continue;
            }
            CatalogKind kind = CatalogKind.parse(String.valueOf(entry.get(0)));
            objects.put(new CatalogKey(kind, String.valueOf(entry.get(1))), String.valueOf(entry.get(2)));
        }
        fields.close();
        if (!errors.list().isEmpty()) {
            CatalogError first = errors.list().get(0);
            throw new IllegalArgumentException(first.path() + " " + first.message());
        }
        return new CatalogManifest(number, previous, hash, settings, objects);
    }

    private static Catalog.Settings settings(FieldReader fields) {
        Catalog.Settings settings = new Catalog.Settings(duration(fields, "horizon"), duration(fields, "skew"));
        fields.close();
        return settings;
    }

    private static Duration duration(FieldReader fields, String name) {
        String text = fields.text(name);
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            fields.error(name, FieldReader.describe(text) + " is not a duration");
            return Duration.ZERO;
        }
    }
}

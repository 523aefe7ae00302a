package io.tallystick.schemas.catalog;

import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.ContentHash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one text of each object of a catalogue: what it is hashed and kept as.
 *
 * <p>It is {@link CanonicalJson} of the object as a document would hold it, with every default filled in; matrix rows hold their whole price; decimals are
 * plain strings with the scale they were written with; instants are UTC; what is not there has no field, except where null says so: an open tier's {@code upTo}, and what a row does not take over from its charge. Reading
 * it gives an equal object. A field that is added to the language later must be left out where it has its default: else every hash would change with it.
 */
public final class CatalogCanonical {

    private CatalogCanonical() {}

    public static String json(Meter meter) {
        return CanonicalJson.write(CatalogTree.of(meter));
    }

    public static String json(PricingVersion version) {
        return CanonicalJson.write(CatalogTree.of(version));
    }

    public static String json(Subscription subscription) {
        return CanonicalJson.write(CatalogTree.of(subscription));
    }

    public static String json(CreditGrant grant) {
        return CanonicalJson.write(CatalogTree.of(grant));
    }

    /** Reads back what {@link #json(Meter)} wrote, as a tree; an IllegalArgumentException if it is something else. */
    public static Meter meter(@Nullable Object tree) {
        return read("meter", tree, MeterParser::parse);
    }

    /** Reads back what {@link #json(PricingVersion)} wrote, as a tree; an IllegalArgumentException if it is something else. */
    public static PricingVersion pricing(@Nullable Object tree) {
        return read("pricing version", tree, PricingParser::parse);
    }

    /** Reads back what {@link #json(Subscription)} wrote, as a tree; an IllegalArgumentException if it is something else. */
    public static Subscription subscription(@Nullable Object tree) {
        return read("subscription", tree, SubscriptionParser::parse);
    }

    /** Reads back what {@link #json(CreditGrant)} wrote, as a tree; an IllegalArgumentException if it is something else. */
    public static CreditGrant credit(@Nullable Object tree) {
        return read("credit", tree, CreditParser::parse);
    }

    private static <T> T read(String kind, @Nullable Object tree, Function<FieldReader, T> parse) {
        CatalogErrors errors = new CatalogErrors();
        // what was published once is carried out, so nothing is refused here
        FieldReader.Reading reading = new FieldReader.Reading(errors, SupportedFeatures.refusing());
        T object = parse.apply(FieldReader.of(reading, kind, kind, tree));
        List<CatalogError> found = errors.list();
        if (!found.isEmpty()) {
            throw new IllegalArgumentException("not the canonical form of a " + kind + ": "
                    + found.get(0).path() + " " + found.get(0).message());
        }
        return object;
    }

    /** The whole catalogue as a document would hold it, objects by name: {@code meters}, {@code pricing}, {@code subscriptions}, {@code credits}. */
    public static Map<String, Object> tree(Catalog catalog) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "meters",
                catalog.meters().values().stream().map(CatalogTree::of).toList());
        tree.put(
                "pricing",
                catalog.pricing().values().stream().map(CatalogTree::of).toList());
        tree.put(
                "subscriptions",
                catalog.subscriptions().values().stream().map(CatalogTree::of).toList());
        tree.put(
                "credits",
                catalog.credits().values().stream().map(CatalogTree::of).toList());
        return tree;
    }

    /** Every object's canonical JSON, in the order of kind and name. */
    public static SortedMap<CatalogKey, String> objects(Catalog catalog) {
        SortedMap<CatalogKey, String> objects = new TreeMap<>();
        catalog.meters().forEach((name, meter) -> objects.put(new CatalogKey(CatalogKind.METER, name), json(meter)));
        catalog.pricing()
                .forEach((name, version) -> objects.put(new CatalogKey(CatalogKind.PRICING, name), json(version)));
        catalog.subscriptions()
                .forEach((name, subscription) ->
                        objects.put(new CatalogKey(CatalogKind.SUBSCRIPTION, name), json(subscription)));
        catalog.credits().forEach((name, grant) -> objects.put(new CatalogKey(CatalogKind.CREDIT, name), json(grant)));
        return objects;
    }

    /**
     * The hash of a revision's content: {@link ContentHash} of the canonical JSON of
     * {@code {"objects":[[kind, name, hash of the object's canonical JSON], …],"settings":{"horizon":…,"skew":…}}}, objects in the order of kind and name,
     * settings as ISO 8601 durations. Number and history are not in it: the same content has the same hash whenever it is published.
     */
    public static String hash(Catalog catalog) {
        SortedMap<CatalogKey, String> hashes = new TreeMap<>();
        objects(catalog).forEach((key, json) -> hashes.put(key, ContentHash.of(json)));
        return hash(catalog.settings(), hashes);
    }

    static String hash(Catalog.Settings settings, SortedMap<CatalogKey, String> hashes) {
        return ContentHash.of(CanonicalJson.write(content(settings, hashes)));
    }

    static Map<String, Object> content(Catalog.Settings settings, SortedMap<CatalogKey, String> hashes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "settings",
                Map.of(
                        "horizon",
                        settings.horizon().toString(),
                        "skew",
                        settings.skew().toString()));
        tree.put(
                "objects",
                hashes.entrySet().stream()
                        .map(entry -> List.of(
                                entry.getKey().kind().text(), entry.getKey().name(), entry.getValue()))
                        .toList());
        return tree;
    }
}

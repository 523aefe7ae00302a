package io.tallystick.schemas.codec;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogDocument;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.catalog.CatalogKey;
import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.value.ContentHash;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the texts that {@code billing.catalog} and the log keep of catalogues. A text that is damaged is an IllegalArgumentException: nobody wrote it by hand. */
public final class CatalogTexts {

    private CatalogTexts() {}

    /** Reads {@link CatalogManifest#json()}. */
    public static CatalogManifest manifest(String json) {
        return CatalogManifest.parse(tree(json));
    }

    /** Reads {@link CatalogCanonical#json(Subscription)}. */
    public static Subscription subscription(String json) {
        return CatalogCanonical.subscription(tree(json));
    }

    /** Reads {@link CatalogCanonical#json(CreditGrant)}. */
    public static CreditGrant credit(String json) {
        return CatalogCanonical.credit(tree(json));
    }

    /**
     * Puts a revision together.
     *
     * @param objectByHash the canonical JSON of an object by its content hash, null when there is none
     */
    public static CatalogRevision revision(CatalogManifest manifest, Function<String, @Nullable String> objectByHash) {
        SortedMap<String, Meter> meters = new TreeMap<>();
        SortedMap<String, PricingVersion> pricing = new TreeMap<>();
        SortedMap<String, Subscription> subscriptions = new TreeMap<>();
        SortedMap<String, CreditGrant> credits = new TreeMap<>();
        for (Map.Entry<CatalogKey, String> entry : manifest.objects().entrySet()) {
            CatalogKey key = entry.getKey();
            Object tree = tree(object(key, entry.getValue(), objectByHash));
            switch (key.kind()) {
                case METER -> meters.put(key.name(), CatalogCanonical.meter(tree));
                case PRICING -> pricing.put(key.name(), CatalogCanonical.pricing(tree));
                case SUBSCRIPTION -> subscriptions.put(key.name(), CatalogCanonical.subscription(tree));
                case CREDIT -> credits.put(key.name(), CatalogCanonical.credit(tree));
            }
        }
        return new CatalogRevision(
                manifest.number(),
                manifest.hash(),
                new Catalog(manifest.settings(), meters, pricing, subscriptions, credits));
    }

    private static String object(CatalogKey key, String hash, Function<String, @Nullable String> objectByHash) {
        String json = objectByHash.apply(hash);
        if (json == null) {
            throw new IllegalArgumentException(key + " is not there: " + hash);
        }
        if (!ContentHash.of(json).equals(hash)) {
            throw new IllegalArgumentException(key + " is damaged: it does not have the hash " + hash);
        }
        return json;
    }

    private static @Nullable Object tree(String json) {
        CatalogDocument document = CatalogDocuments.json(json);
        CatalogError error = document.error();
        if (error != null) {
            throw new IllegalArgumentException("not JSON: " + error.path() + " " + error.message());
        }
        return document.tree();
    }
}

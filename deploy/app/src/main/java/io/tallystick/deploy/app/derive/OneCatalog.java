package io.tallystick.deploy.app.derive;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogParser;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.CatalogDocuments;
import java.time.Instant;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A catalogue from a file, as the first revision of a log that has no other. */
public final class OneCatalog {

    private OneCatalog() {}

    /**
     * @param name of the file, for errors
     * @param version that every subscription is pinned to; null leaves them as they are
     */
    public static CatalogRevision read(
            byte[] documents, String name, Catalog.Settings settings, @Nullable String version) {
        CatalogChange change = CatalogChange.apply(
                Catalog.empty(settings),
                CatalogParser.parse(CatalogDocuments.read(documents)),
                Instant.EPOCH, // nothing stands yet that could not be changed any more
                meter -> false);
        if (!change.isAccepted()) {
            StringJoiner errors = new StringJoiner("; ");
            for (CatalogError error : change.errors()) {
                errors.add(error.path().isEmpty() ? error.message() : error.path() + ": " + error.message());
            }
            throw Failure.wrongInput(
                    "the catalogue " + name + " has " + change.errors().size() + " error(s) (" + errors + ")",
                    "correct that and run the command again");
        }
        Catalog catalog = version == null ? change.catalog() : pinned(change.catalog(), version);
        return new CatalogRevision(1, CatalogManifest.of(catalog, null).hash(), catalog);
    }

    /** The same catalogue with every subscription pinned to one version. */
    static Catalog pinned(Catalog catalog, String version) {
        PricingVersion pricing = catalog.pricing().get(version);
        if (pricing == null) {
            throw Failure.wrongInput(
                    "there is no pricing version " + version,
                    catalog.pricing().isEmpty()
                            ? "the catalogue has none"
                            : "name one of "
                                    + String.join(", ", catalog.pricing().keySet()));
        }
        SortedMap<String, Subscription> subscriptions = new TreeMap<>();
        catalog.subscriptions().forEach((name, subscription) -> {
            if (pricing.plan(subscription.plan()).isEmpty()) {
                throw Failure.wrongInput(
                        "pricing version " + version + " has no plan " + subscription.plan() + ", which subscription "
                                + name + " has",
                        "add that plan to the version");
            }
            subscriptions.put(name, pinned(subscription, version));
        });
        return new Catalog(catalog.settings(), catalog.meters(), catalog.pricing(), subscriptions, catalog.credits());
    }

    /** The same subscription under one version, without shadows: what they would be compared with is gone. */
    public static Subscription pinned(Subscription subscription, String version) {
        return new Subscription(
                subscription.tenant(),
                subscription.subscription(),
                subscription.plan(),
                subscription.start(),
                subscription.end(),
                subscription.period(),
                version,
                java.util.List.of(),
                subscription.lateUsage(),
                subscription.limits(),
                subscription.provider());
    }
}

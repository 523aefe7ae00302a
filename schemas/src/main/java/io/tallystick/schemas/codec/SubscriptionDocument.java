package io.tallystick.schemas.codec;

import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogDocument;
import io.tallystick.schemas.catalog.Subscription;

/** A subscription as it travels in band: its canonical JSON. */
public final class SubscriptionDocument {

    private SubscriptionDocument() {}

    /** Reads what {@link CatalogCanonical#json(Subscription)} wrote; an IllegalArgumentException if it is something else. */
    public static Subscription read(String document) {
        CatalogDocument json = CatalogDocuments.json(document);
        if (json.error() != null) {
            throw new IllegalArgumentException(
                    "not a subscription: " + json.error().message());
        }
        return CatalogCanonical.subscription(json.tree());
    }
}

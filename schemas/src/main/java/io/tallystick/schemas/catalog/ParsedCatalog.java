package io.tallystick.schemas.catalog;

import java.util.List;

/**
 * What documents say, each object by itself; whether it fits together with what stands already is for {@link CatalogChange} to say. With errors the
 * objects hold harmless values in the places that could not be read, and serve only to find more errors.
 */
public final class ParsedCatalog {

    private final List<Located<Meter>> meters;
    private final List<Located<PricingVersion>> pricing;
    private final List<Located<Subscription>> subscriptions;
    private final List<Located<CreditGrant>> credits;
    private final CatalogErrors errors;
    private final boolean hasGaps;

    ParsedCatalog(
            List<Located<Meter>> meters,
            List<Located<PricingVersion>> pricing,
            List<Located<Subscription>> subscriptions,
            List<Located<CreditGrant>> credits,
            CatalogErrors errors,
            boolean hasGaps) {
        this.meters = List.copyOf(meters);
        this.pricing = List.copyOf(pricing);
        this.subscriptions = List.copyOf(subscriptions);
        this.credits = List.copyOf(credits);
        this.errors = errors;
        this.hasGaps = hasGaps;
    }

    List<Located<Meter>> meters() {
        return meters;
    }

    List<Located<PricingVersion>> pricing() {
        return pricing;
    }

    List<Located<Subscription>> subscriptions() {
        return subscriptions;
    }

    List<Located<CreditGrant>> credits() {
        return credits;
    }

    /** Whether there are objects that could not be read at all, so that a name that nothing has says nothing. */
    boolean hasGaps() {
        return hasGaps;
    }

    /** What was wrong with objects by themselves; references are looked at when they are applied. */
    public List<CatalogError> errors() {
        return errors.list();
    }

    /** The same errors to add to. */
    CatalogErrors errorsSoFar() {
        return errors.copy();
    }
}

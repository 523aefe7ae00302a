package io.tallystick.schemas.event;

/**
 * From here on a grant of prepaid credit of the tenant stands as {@code document} says. It ends at the rater, which pays with it.
 *
 * @param revision of the catalogue that changed it
 * @param document the grant in the catalogue's canonical JSON
 */
public record CreditSet(String tenant, int shard, long sequence, int revision, String credit, String document)
        implements Control {}

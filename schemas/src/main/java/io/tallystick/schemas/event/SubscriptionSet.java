package io.tallystick.schemas.event;

/**
 * From here on a subscription of the tenant stands as {@code document} says.
 *
 * @param revision of the catalogue that changed it
 * @param document the subscription in the catalogue's canonical JSON
 */
public record SubscriptionSet(
        String tenant, int shard, long sequence, int revision, String subscription, String document)
        implements Control {}

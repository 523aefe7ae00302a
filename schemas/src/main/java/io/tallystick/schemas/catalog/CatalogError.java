package io.tallystick.schemas.catalog;

/**
 * One thing wrong with a catalogue.
 *
 * @param path where, as {@code pricing[0].plans[1].charges[2].tiers[1].upTo}
 * @param message what is wrong and what to write instead
 */
public record CatalogError(String path, String message) {}

package io.tallystick.schemas.catalog;

/**
 * One published state of the catalogue.
 *
 * @param number counts up from 1; a later revision has a higher number
 * @param hash {@code sha256:} and 64 hex digits over the canonical form of the catalogue, settings included
 */
public record CatalogRevision(int number, String hash, Catalog catalog) {}

package io.tallystick.schemas.catalog;

import org.jspecify.annotations.Nullable;

/**
 * One document of a catalogue as it was written, not yet understood.
 *
 * @param prefix what the paths of its errors begin with: empty for a document that comes alone, else where it comes from, as {@code prices.yaml: }
 * @param tree maps with text keys, lists, texts, BigDecimals, booleans and nulls; null when the document is empty or could not be read
 * @param error why it could not be read, or null
 */
public record CatalogDocument(
        String prefix, @Nullable Object tree, @Nullable CatalogError error) {

    public static CatalogDocument of(@Nullable Object tree) {
        return new CatalogDocument("", tree, null);
    }
}

package io.tallystick.schemas.event;

/** A record of {@code billing.catalog}. A revision is its objects, which may be there from before, and then its manifest. */
public sealed interface CatalogRecord {

    /** The record's key. */
    String key();

    /** One object of the catalogue as it stands in some revisions, by the hash of its document. */
    record CatalogObject(String hash, String document) implements CatalogRecord {
        @Override
        public String key() {
            return hash;
        }
    }

    /**
     * A revision, if it follows the newest one in front of it: {@code number} is one more, and its manifest names that one's
     * hash. Else it came too late, and counts for nothing.
     */
    record RevisionPublished(int number, String manifest) implements CatalogRecord {
        @Override
        public String key() {
            return "revision-" + number;
        }
    }
}

package io.tallystick.schemas.topic;

import io.tallystick.schemas.catalog.CatalogRevision;
import java.time.Duration;

/**
 * The documents of all catalogue revisions, by number. A revision never changes, so it does not matter when it is read; stages
 * take from the log which one is in force and from here only what it says.
 */
public interface CatalogReader {

    /**
     * The document of a revision, waiting for it if it is on its way.
     *
     * @throws IllegalStateException when it has not arrived after {@code patience}: the caller cannot go on without it
     */
    CatalogRevision revision(int number, Duration patience);

    /** How long a stage waits for a document that the log names: shorter than a transaction's timeout. */
    Duration PATIENCE = Duration.ofSeconds(5);
}

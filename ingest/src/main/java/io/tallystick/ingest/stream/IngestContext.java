package io.tallystick.ingest.stream;

import io.tallystick.ingest.dedup.IdentityMemory;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topics;

/**
 * What the tasks of ingest share with the process they run in.
 *
 * @param catalog the documents of all revisions
 * @param revisions where each partition says which revision it works under
 * @param accounting where each partition says what it counted
 * @param pendingCloses where each partition says which closes wait
 * @param identityMemory what the identities of all partitions may take together
 */
public record IngestContext(
        Topics topics,
        CatalogReader catalog,
        RevisionsInForce revisions,
        AccountingView accounting,
        PendingCloses pendingCloses,
        IdentityMemory identityMemory) {

    /** With the default memory for identities. */
    public IngestContext(
            Topics topics,
            CatalogReader catalog,
            RevisionsInForce revisions,
            AccountingView accounting,
            PendingCloses pendingCloses) {
        this(topics, catalog, revisions, accounting, pendingCloses, IdentityMemory.standard(topics.partitions()));
    }
}

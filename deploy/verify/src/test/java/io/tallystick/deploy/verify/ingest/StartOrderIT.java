package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.AcceptedEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start of ingest reads first, on a real broker. */
class StartOrderIT {

    /** In each partition: several times what one poll brings, and what Kafka Streams keeps in a task's buffer. */
    private static final int REQUESTS = 10_000;

    private static final int EVENTS = 1_500;

    @TempDir
    private Path directory;

    @Test
    void eventsWaitForTheRequestsInFrontOfThem() throws Exception {
        try (IngestRig ingest = new IngestRig(directory)) {
            ingest.enforceBehind(REQUESTS, 1);
            for (int id = 0; id < EVENTS; id++) {
                ingest.send("tenant-" + id, id, "tokens.used", true, System.currentTimeMillis());
            }
            ingest.awaitSent();
            ingest.start();
            ingest.awaitDecided(EVENTS);
            assertThat(ingest.accepted())
                    .filteredOn(record -> record instanceof AcceptedEvent)
                    .hasSize(EVENTS);
        }
    }
}

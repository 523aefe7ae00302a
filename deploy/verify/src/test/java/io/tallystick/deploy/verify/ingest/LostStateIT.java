package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Identity;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest alone on a real broker, whose stores are lost: what it has accepted it knows from the changelog. */
class LostStateIT {

    private static final int EVENTS = 120_000;
    private static final int TENANTS = 50;

    @TempDir
    private Path directory;

    @Test
    void theSameEventsAreDuplicatesAlsoAfterTheLocalStateIsGone() throws Exception {
        try (IngestRig ingest = new IngestRig(directory)) {
            ingest.enforce(1);
            ingest.start();
            ingest.awaitRevision(1);
            send(ingest, true);
            ingest.awaitDecided(EVENTS);
            ingest.stop();
            ingest.deleteState();
            long start = System.nanoTime();
            ingest.start();
            System.out.println(
                    "restored " + EVENTS + " identities in " + (System.nanoTime() - start) / 1_000_000 + " ms");
            send(ingest, false);
            ingest.awaitDecided(2L * EVENTS);

            Set<Identity> identities = new HashSet<>();
            Map<String, Long> sequences = new HashMap<>();
            for (AcceptedRecord record : ingest.accepted()) {
                if (record instanceof AcceptedEvent event) {
                    assertThat(identities.add(event.identity())).as("%s", event).isTrue();
                    assertThat(event.sequence()).isEqualTo(sequences.merge(event.tenant(), 1L, Long::sum));
                }
            }
            assertThat(identities).hasSize(EVENTS);
        }
    }

    /** @param keyed by tenant, or not at all: then nearly every event takes the misrouted hop */
    private static void send(IngestRig ingest, boolean keyed) throws Exception {
        for (int i = 0; i < EVENTS; i++) {
            ingest.send("tenant-" + i % TENANTS, i, "tokens.used", keyed);
        }
        ingest.awaitSent();
    }
}

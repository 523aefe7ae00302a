package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.dedup.IdentityMemory;
import io.tallystick.schemas.event.AcceptedEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ingest alone on a real broker, whose stores are lost: what it has accepted it knows from the changelog. Measures what that takes, too; the
 * documentation has the command for millions.
 */
class LostStateIT {

    private static final int EVENTS = Integer.getInteger("lost.events", 30_000);
    /** How many of them come again. */
    private static final int AGAIN = Math.min(EVENTS, 1_000_000);
    /** With fewer, memory is so small that most look-ups go to the runs. */
    private static final int MANY = 500_000;

    private static final int TENANTS = 50;

    @TempDir
    private Path directory;

    @Test
    void theSameEventsAreDuplicatesAlsoAfterTheLocalStateIsGone() throws Exception {
        try (IngestRig ingest = rig()) {
            ingest.enforce(1);
            ingest.start();
            ingest.awaitRevision(1);
            send(ingest, EVENTS, true);
            ingest.awaitDecided(EVENTS);
            ingest.stop();
            double stored = ingest.bytes(true, "identities-v1");
            ingest.deleteState();
            long start = System.nanoTime();
            ingest.start();
            Duration restored = Duration.ofNanos(System.nanoTime() - start);
            System.out.printf(
                    "lost state: %d identities restored in %d ms, %.2f s per million; %.1f bytes each in the changelog, %.1f in the store, %.1f in runs%n",
                    EVENTS,
                    restored.toMillis(),
                    restored.toMillis() * 1000.0 / EVENTS,
                    (double) ingest.bytes(false, "identities-v1-changelog") / EVENTS,
                    stored / EVENTS,
                    (double) ingest.bytes(true, "identity-runs") / EVENTS);
            send(ingest, AGAIN, false);
            ingest.awaitDecided(EVENTS + AGAIN);

            long[] identities = new long[EVENTS];
            AtomicInteger count = new AtomicInteger();
            Map<String, Long> sequences = new HashMap<>();
            ingest.forEachAccepted(record -> {
                if (record instanceof AcceptedEvent event) {
                    identities[count.getAndIncrement()] = event.identity().high();
                    assertThat(event.sequence()).isEqualTo(sequences.merge(event.tenant(), 1L, Long::sum));
                }
            });
            assertThat(count).hasValue(EVENTS);
            Arrays.sort(identities);
            for (int i = 1; i < EVENTS; i++) {
                assertThat(identities[i] != identities[i - 1]).isTrue(); // 64 bits of a hash
            }
        }
    }

    private IngestRig rig() throws Exception {
        return EVENTS < MANY
                ? new IngestRig(directory)
                : new IngestRig(directory, IdentityMemory.standard(IngestRig.TOPICS.partitions()));
    }

    /** @param keyed by tenant, or not at all: then nearly every event takes the misrouted hop */
    private static void send(IngestRig ingest, int events, boolean keyed) {
        for (int i = 0; i < events; i++) {
            ingest.send("tenant-" + i % TENANTS, i, "tokens.used", keyed);
        }
        ingest.awaitSent();
    }
}

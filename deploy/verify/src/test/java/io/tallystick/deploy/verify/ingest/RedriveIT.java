package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.ingest.redrive.Redriver;
import io.tallystick.ingest.redrive.Redriver.Outcome;
import io.tallystick.ingest.redrive.RejectedEvent;
import io.tallystick.ingest.redrive.RejectedEvents;
import io.tallystick.schemas.event.AcceptedEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters on a real broker, before and after the catalogue was mended. */
class RedriveIT {

    private static final int UNKNOWN = 1_500;

    @TempDir
    private Path directory;

    @Test
    void deadLettersAreSentAgainOncePerRevision() throws Exception {
        try (IngestRig ingest = new IngestRig(directory)) {
            ingest.enforce(1);
            ingest.start();
            ingest.awaitRevision(1);
            for (int i = 0; i < UNKNOWN; i++) {
                ingest.send("tenant-" + i % 9, i, "images.made", i % 2 == 0);
            }
            ingest.send("acme", 1, "nobody's", true);
            ingest.send("acme", 2, "x".repeat(2 << 20), true);
            ingest.awaitSent();
            ingest.awaitDecided(UNKNOWN + 2);

            RejectedEvents rejected = new RejectedEvents(IngestRig.TOPICS, ingest.clients());
            awaitRejected(rejected, null, UNKNOWN + 2);
            assertThat(rejected.newest(7, "unknown_type")).hasSize(7);
            List<RejectedEvent> large = rejected.newest(10, "too_large");
            assertThat(large).hasSize(1);
            assertThat(large.get(0).bytes()).isGreaterThan(2 << 20);

            // Under the revision that they were rejected under there is nothing to hope for.
            assertThat(redriver(ingest).redrive(1)).isEqualTo(new Outcome(0, 0));

            ingest.enforce(2);
            ingest.awaitRevision(2);
            assertThat(redriver(ingest).redrive(2)).isEqualTo(new Outcome(UNKNOWN + 1, 1));
            ingest.awaitDecided(2 * UNKNOWN + 3);
            awaitRejected(rejected, "unknown_type", UNKNOWN + 2);
            assertThat(redriver(ingest).redrive(2)).isEqualTo(new Outcome(0, 0));

            // What was rejected again may go once more under the next revision, and nothing else.
            assertThat(redriver(ingest).redrive(3)).isEqualTo(new Outcome(1, 0));
            ingest.awaitDecided(2 * UNKNOWN + 4);

            List<AcceptedEvent> accepted = new ArrayList<>();
            ingest.accepted().forEach(record -> {
                if (record instanceof AcceptedEvent event) {
                    accepted.add(event);
                }
            });
            assertThat(accepted).hasSize(UNKNOWN).allSatisfy(event -> {
                assertThat(event.revision()).isEqualTo(2);
                assertThat(event.recordTime()).isEqualTo(IngestRig.RECORD_TIME);
            });
        }
    }

    /** What is decided is committed a moment later. */
    private static void awaitRejected(RejectedEvents rejected, @Nullable String reason, int count) {
        Deadline.within(Duration.ofMinutes(1)).await(count + " dead letters", () -> {
            boolean isThere = rejected.newest(10_000, reason).size() == count;
            return isThere ? true : null;
        });
    }

    /** As in a process that has just been started. */
    private static Redriver redriver(IngestRig ingest) {
        return new Redriver(IngestRig.TOPICS, ingest.clients());
    }
}

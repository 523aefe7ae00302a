package io.tallystick.deploy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.dedup.IdentityBlocks;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IdentityHistoryTest {

    @Test
    void makesWholeBlocksAndSaysHowManyIdentitiesTheyHave() {
        IdentityHistory history = new IdentityHistory(10_000, Instant.parse("2026-04-15T00:00:00Z"), 1, 12);
        AtomicLong blocks = new AtomicLong();

        long made = history.make((partition, key, value) -> {
            if (key[0] == 'b') {
                blocks.incrementAndGet();
            }
        });

        assertThat(made).isBetween(10_000L, 10_000L + 12 * IdentityBlocks.PER_BLOCK);
        assertThat(made).isEqualTo(blocks.get() * IdentityBlocks.PER_BLOCK);
        assertThat(history.events()).isEqualTo(100);
    }
}

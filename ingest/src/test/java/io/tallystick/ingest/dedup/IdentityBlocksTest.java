package io.tallystick.ingest.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.nio.file.Path;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityBlocksTest {

    private static final long DAY = 86_400_000;
    private static final long HEAP = (long) RecentTable.SLOTS_MIN * RecentTable.BYTES_PER_SLOT;
    private static final int COUNT = 40 * IdentityBlocks.PER_BLOCK;

    private final IdentityMemory memory = IdentityMemory.of(HEAP, 3L * IdentityMemory.PIECE_BYTES, 1);

    @Test
    void aStoreOpenedOnThemKnowsEveryIdentityAndTakesMore(@TempDir Path directory) {
        KeyValueStore<Bytes, byte[]> store = TestingBlocks.open(directory);
        IdentityBlocks blocks = new IdentityBlocks((key, value) -> store.put(Bytes.wrap(key), value));
        for (int number = 0; number < COUNT; number++) {
            blocks.add(identity(number), entry(number));
        }
        blocks.end();

        BlockIdentityStore identities = BlockIdentityStore.open(store, directory.resolve("runs"), memory);
        identities.add(identity(COUNT), entry(COUNT));
        identities.beforeCommit(0);
        identities.close();
        identities = BlockIdentityStore.open(store, directory.resolve("runs"), memory);

        for (int number = 0; number <= COUNT; number++) {
            assertThat(identities.find(identity(number))).isEqualTo(entry(number));
        }
        assertThat(identities.find(identity(COUNT + 1))).isNull();
        identities.close();
        store.close();
    }

    @Test
    void aBlockThatIsNotFullIsRefusedAtTheEnd() {
        IdentityBlocks blocks = new IdentityBlocks((key, value) -> {});
        blocks.add(identity(1), entry(1));

        assertThatThrownBy(blocks::end).hasMessageContaining(EntryBytes.SIZE + " bytes");
    }

    private static Identity identity(long number) {
        Random random = new Random(number);
        return new Identity(random.nextLong(), random.nextLong());
    }

    private static Entry entry(long number) {
        return new Entry(number * 31, new Place(3, number), number * DAY / 1000, 1);
    }
}

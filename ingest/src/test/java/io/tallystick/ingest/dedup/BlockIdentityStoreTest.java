package io.tallystick.ingest.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockIdentityStoreTest {

    private static final long SEED = Long.getLong("proof.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final long DAY = 86_400_000;
    private static final long HEAP = (long) RecentTable.SLOTS_MIN * RecentTable.BYTES_PER_SLOT;

    @TempDir
    Path directory;

    private IdentityMemory memory = IdentityMemory.of(HEAP, 3L * IdentityMemory.PIECE_BYTES, 1);
    private KeyValueStore<Bytes, byte[]> blocks;
    private BlockIdentityStore identities;

    @BeforeEach
    void open() {
        blocks = TestingBlocks.open(directory);
        identities = BlockIdentityStore.open(blocks, directory.resolve("runs"), memory);
    }

    @AfterEach
    void close() {
        identities.close();
        blocks.close();
    }

    private void restart() {
        close();
        open();
    }

    private static Identity identity(long number) {
        Random random = new Random(number);
        return new Identity(random.nextLong(), random.nextLong());
    }

    private static Entry entry(long number, long recordTime) {
        return new Entry(number * 31, new Place((int) (number % 64), number << 20), recordTime, (int) (number % 1000));
    }

    @Test
    void remembersWhatWasCommittedAndNothingElse() {
        identities.add(identity(1), entry(1, 5));
        identities.beforeCommit(0);
        identities.add(identity(2), entry(2, 5));
        assertThat(identities.find(identity(2))).isEqualTo(entry(2, 5));
        restart();

        assertThat(identities.find(identity(1))).isEqualTo(entry(1, 5));
        assertThat(identities.find(identity(2))).isNull();
    }

    @Test
    void keepsExtremeEntriesAsTheyAre() {
        Entry extreme =
                new Entry(-1, new Place(Integer.MAX_VALUE, Long.MAX_VALUE), EntryBytes.TIME_MAX, Integer.MAX_VALUE);
        List<Identity> extremes = List.of(
                new Identity(0, 0),
                new Identity(-1, -1),
                new Identity(Long.MIN_VALUE, 0),
                new Identity(Long.MIN_VALUE, -1),
                new Identity(Long.MAX_VALUE, 5));
        extremes.forEach(identity -> identities.add(identity, extreme));
        fillRecent(10_000);

        assertThat(extremes)
                .allSatisfy(identity -> assertThat(identities.find(identity)).isEqualTo(extreme));
        assertThat(identities.find(new Identity(0, 1))).isNull();
        restart();
        assertThat(extremes)
                .allSatisfy(identity -> assertThat(identities.find(identity)).isEqualTo(extreme));
    }

    private void fillRecent(int from) {
        for (int i = from; i < from + 3_000; i++) {
            identities.add(identity(i), entry(i, 5));
        }
        identities.beforeCommit(0);
    }

    @Test
    void tellsManyIdentitiesApartThatBeginAlike() {
        for (int i = 0; i < 3_000; i++) {
            identities.add(new Identity(77, i), entry(i, 5));
        }
        identities.beforeCommit(0);

        for (int i = 0; i < 3_000; i++) {
            assertThat(identities.find(new Identity(77, i))).isEqualTo(entry(i, 5));
        }
        assertThat(identities.find(new Identity(77, 3_000))).isNull();
    }

    @Test
    void ofSeveralEntriesOfOneIdentityTheLastCounts() {
        for (int round = 0; round < 5; round++) {
            identities.add(identity(1), entry(round, round));
            fillRecent(10_000 * (round + 1));
            assertThat(identities.find(identity(1))).isEqualTo(entry(round, round));
        }
        restart();

        assertThat(identities.find(identity(1))).isEqualTo(entry(4, 4));
    }

    @Test
    void runsStayFew() {
        for (int i = 0; i < 60_000; i++) {
            identities.add(identity(i), entry(i, 5));
        }
        identities.beforeCommit(0);
        restart();

        assertThat(identities.runCount()).isLessThanOrEqualTo(2 * RunSet.RUNS_MAX);
        assertThat(identities.find(identity(0))).isNotNull();
    }

    @Test
    void forgetsWholeDaysAndSaysSo() {
        for (int day = 0; day < 10; day++) {
            for (int i = 0; i < 200; i++) {
                identities.add(identity(day * 1000 + i), entry(i, day * DAY + i));
            }
            identities.beforeCommit(0);
        }
        assertThat(identities.forgottenBefore()).isEqualTo(Long.MIN_VALUE);
        identities.beforeCommit(4 * DAY - 1);
        assertThat(identities.forgottenBefore()).isEqualTo(3 * DAY);
        identities.beforeCommit(4 * DAY);
        assertThat(identities.forgottenBefore()).isEqualTo(4 * DAY);
        identities.beforeCommit(2 * DAY);
        restart();

        assertThat(identities.forgottenBefore()).isEqualTo(4 * DAY);
        assertThat(identities.find(identity(3_199))).isNull();
        assertThat(identities.find(identity(4_000))).isEqualTo(entry(0, 4 * DAY));
    }

    @Test
    void anEmptyStoreHasForgottenNothingHoweverLateItIs() {
        identities.beforeCommit(1000 * DAY);

        assertThat(identities.forgottenBefore()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void wrongSizesAreRefused() {
        assertThatThrownBy(() -> IdentityMemory.of(HEAP * 12 - 1, 1 << 20, 12)).hasMessageContaining("bytes of heap");
        assertThat(IdentityMemory.of(HEAP * 12, IdentityMemory.PIECE_BYTES, 12).slots())
                .isEqualTo(RecentTable.SLOTS_MIN);
        assertThatThrownBy(() -> IdentityMemory.of(HEAP, IdentityMemory.PIECE_BYTES - 1, 1))
                .hasMessageContaining("filters");
        assertThatThrownBy(() -> IdentityMemory.of(Runtime.getRuntime().maxMemory(), 1 << 20, 1))
                .hasMessageContaining("half of the heap");
        assertThatThrownBy(() -> IdentityMemory.of(HEAP, Long.MAX_VALUE, 1)).hasMessageContaining("filters");
    }

    @Test
    void filtersGiveTheirMemoryBack() {
        fillRecent(10_000);
        assertThat(memory.filterBytes()).isPositive();
        identities.close();

        assertThat(memory.filterBytes()).isZero();
    }

    /** What was committed against a map: everything that must be there is there, and nothing else. */
    @Test
    void agreesWithAMapThroughRandomCommitsRestartsAndExpiry() {
        System.out.println("identities: -Dproof.seed=" + SEED);
        Random random = new Random(SEED);
        Map<Identity, Entry> committed = new HashMap<>();
        Map<Identity, Entry> all = new HashMap<>();
        List<Identity> known = new ArrayList<>();
        long now = 100 * DAY;
        long floor = 0;
        long next = 0;
        for (int step = 0; step < 120_000; step++) {
            now += random.nextBoolean() ? random.nextInt((int) (DAY / 1_000)) : 0;
            Identity asked = known.isEmpty() || random.nextInt(3) > 0
                    ? identity(SEED + next++)
                    : known.get(random.nextInt(known.size()));
            Entry expected = all.get(asked);
            Entry found = identities.find(asked);
            boolean mayBeForgotten = expected != null && expected.recordTime() < floor;
            if (!mayBeForgotten || found != null) {
                assertThat(found).isEqualTo(expected);
            }
            if (found == null || mayBeForgotten) {
                Entry entry = entry(random.nextInt(), now - random.nextInt((int) (3 * DAY)));
                Entry canonical = new Entry(
                        entry.contentHash(),
                        new Place(
                                Math.abs(entry.place().partition()),
                                entry.place().offset()),
                        entry.recordTime(),
                        entry.revision());
                identities.add(asked, canonical);
                all.put(asked, canonical);
                known.add(asked);
            }
            if (random.nextInt(120) == 0) {
                long forgettable = now - 20 * DAY;
                identities.beforeCommit(random.nextInt(10) == 0 ? 0 : forgettable);
                floor = Math.max(floor, identities.forgottenBefore());
                assertThat(identities.forgottenBefore()).isLessThanOrEqualTo(forgettable);
                committed = new HashMap<>(all);
            }
            if (random.nextInt(10_000) == 0) {
                restart();
                all = new HashMap<>(committed);
                assertThat(identities.forgottenBefore()).isEqualTo(floor == 0 ? Long.MIN_VALUE : floor);
            }
        }
        assertThat(floor).as("something was forgotten").isPositive();
        long livesFrom = floor;
        all.forEach((identity, entry) -> {
            if (entry.recordTime() >= livesFrom) {
                assertThat(identities.find(identity)).isEqualTo(entry);
            }
        });
    }
}

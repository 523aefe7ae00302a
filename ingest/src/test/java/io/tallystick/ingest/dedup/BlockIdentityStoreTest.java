package io.tallystick.ingest.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
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

    /** As behind a kill: nothing is left but the store. */
    private void restartFromTheLog() throws IOException {
        close();
        Files.delete(saved());
        open();
    }

    private Path saved() {
        return directory.resolve("runs").resolve(SavedRuns.FILE);
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
    void forgetsWholeDaysAndSaysSo() throws IOException {
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
        restartFromTheLog();

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

    @Test
    void aCleanStopLeavesItsRunsForOneStart() throws IOException {
        fillRecent(10_000);
        fillRecent(20_000);
        int runs = identities.runCount();
        assertThat(saved()).doesNotExist();
        close();
        assertThat(saved()).exists();
        assertThat(memory.filterBytes()).isZero();
        open();

        assertThat(identities.keptRuns()).isEqualTo(identities.runCount()).isBetween(1, runs);
        assertThat(saved()).doesNotExist();
        assertFound(10_000, 20_000);
        fillRecent(30_000); // and they are runs as all others are
        restart();
        assertThat(identities.keptRuns()).isPositive();
        assertFound(10_000, 20_000, 30_000);
    }

    @Test
    void whatIsNotCommittedIsNotSaved() {
        fillRecent(10_000);
        identities.add(identity(1), entry(1, 5));
        restart();

        assertThat(identities.keptRuns()).isZero();
        assertThat(identities.find(identity(1))).isNull();
        assertFound(10_000);
    }

    @Test
    void whatWasSavedBehindAnotherStateOfTheLogIsNotUsed() {
        fillRecent(10_000);
        close();
        blocks = TestingBlocks.open(directory); // another process held the partition meanwhile
        BlockIdentityStore elsewhere = BlockIdentityStore.open(blocks, directory.resolve("elsewhere"), memory);
        elsewhere.add(identity(1), entry(1, 5));
        elsewhere.beforeCommit(0);
        elsewhere.close();
        blocks.close();
        open();

        assertThat(identities.keptRuns()).isZero();
        assertThat(identities.find(identity(1))).isEqualTo(entry(1, 5));
        assertFound(10_000);
    }

    @Test
    void anotherLogOfTheSameLengthIsTold() {
        fillRecent(10_000);
        BlockLog.Ending ending = new BlockLog(blocks).ending();
        KeyValueStore<Bytes, byte[]> other = TestingBlocks.open(directory.resolve("other"));
        BlockIdentityStore elsewhere = BlockIdentityStore.open(other, directory.resolve("elsewhere"), memory);
        for (int i = 10_000; i < 13_000; i++) {
            elsewhere.add(identity(i), entry(i, i == 12_999 ? 6 : 5));
        }
        elsewhere.beforeCommit(0);

        BlockLog.Ending told = new BlockLog(other).ending();
        assertThat(told.sequence()).isEqualTo(ending.sequence());
        assertThat(told.checksum()).isNotEqualTo(ending.checksum());
        elsewhere.close();
        other.close();
    }

    @Test
    void aBlockOfALaterDayDoesNotStandForTheLast() throws IOException {
        KeyValueStore<Bytes, byte[]> other = TestingBlocks.open(directory.resolve("other"));
        BlockIdentityStore elsewhere = BlockIdentityStore.open(other, directory.resolve("elsewhere"), memory);
        for (BlockIdentityStore store : List.of(identities, elsewhere)) {
            for (int i = 0; i < 3 * BlockLog.ENTRIES_PER_BLOCK; i++) {
                boolean isAhead = i / BlockLog.ENTRIES_PER_BLOCK == 1;
                boolean isOther = store == elsewhere && i / BlockLog.ENTRIES_PER_BLOCK == 2;
                store.add(identity(i), entry(isOther ? i + 1 : i, isAhead ? DAY : 5));
            }
            store.beforeCommit(0);
        }

        assertThat(new BlockLog(other).ending()).isNotEqualTo(new BlockLog(blocks).ending());
        elsewhere.close();
        other.close();
    }

    @Test
    void aRunThatIsDamagedInPlaceSaysSoAndAnswersNothing() throws IOException {
        fillRecent(10_000);
        close();
        try (Stream<Path> files = Files.list(directory.resolve("runs"))) {
            for (Path run : files.filter(file -> !file.equals(saved())).toList()) {
                byte[] bytes = Files.readAllBytes(run);
                for (int at = 0; at < bytes.length; at += 10 * EntryBytes.SIZE) {
                    bytes[at] ^= 1;
                }
                Files.write(run, bytes);
            }
        }
        open();

        assertThat(identities.keptRuns()).isPositive();
        assertThatThrownBy(() -> assertFound(10_000)).hasMessageContaining("is damaged in page");
    }

    @Test
    void aFilterGivesItsMemoryBackOnce() {
        BlockedFilter filter = BlockedFilter.of(1000, memory);
        long used = memory.filterBytes();
        assertThat(used).isPositive();
        filter.close();
        filter.close();

        assertThat(memory.filterBytes()).isEqualTo(used - IdentityMemory.PIECE_BYTES);
    }

    @Test
    void aStoreThatIsGivenUpLeavesNothing() throws IOException {
        while (identities.runCount() < RunSet.RUNS_MAX) {
            fillRecent(10_000 * identities.runCount());
            identities.add(identity(-1 - identities.runCount()), entry(1, 5));
        }
        identities.close(); // with something uncommitted: everything goes, a merge under way too
        identities.close();

        assertThat(memory.filterBytes()).isZero();
        try (Stream<Path> files = Files.list(directory.resolve("runs"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void damagedFilesAreReadFromTheLogInstead() throws IOException {
        System.out.println("identities: -Dproof.seed=" + SEED);
        Random random = new Random(SEED);
        fillRecent(10_000);
        for (int round = 0; round < 25; round++) {
            close();
            byte[] whole = Files.readAllBytes(saved());
            byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole;
            if (damaged == whole) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(saved(), damaged);
            open();
            assertThat(identities.keptRuns()).isZero();
            assertFound(10_000);
        }
        close();
        try (Stream<Path> files = Files.list(directory.resolve("runs"))) {
            Path run = files.filter(file -> !file.equals(saved())).findFirst().orElseThrow();
            Files.write(run, Arrays.copyOf(Files.readAllBytes(run), EntryBytes.SIZE));
        }
        open();
        assertThat(identities.keptRuns()).isZero();
        assertFound(10_000);
        assertThat(memory.filterBytes()).isPositive();
    }

    @Test
    void withLessMemoryThanWasUsedEverythingIsReadFromTheLog() {
        int to = 10_000;
        do { // how far merging is at a stop, and so how many filters there are, differs
            for (int end = to + 141_000; to < end; to += 3_000) {
                fillRecent(to);
            }
            close();
            open();
            assertThat(to).isLessThan(5_000_000);
        } while (memory.filterBytes() <= IdentityMemory.PIECE_BYTES);
        close();
        memory = IdentityMemory.of(HEAP, IdentityMemory.PIECE_BYTES, 1);
        open();

        assertThat(identities.keptRuns()).isZero();
        assertFound(10_000, 145_000);
        close();
        assertThat(memory.filterBytes()).isZero();
        memory = IdentityMemory.of(2 * HEAP, IdentityMemory.PIECE_BYTES, 1); // a larger recent table is no matter
        open();
        assertThat(identities.keptRuns()).isPositive();
        assertFound(10_000, 145_000);
    }

    private void assertFound(int... froms) {
        for (int from : froms) {
            for (int i = from; i < from + 3_000; i++) {
                if (!entry(i, 5).equals(identities.find(identity(i)))) {
                    fail("identity " + i + " is " + identities.find(identity(i)));
                }
            }
        }
        assertThat(identities.find(identity(9))).isNull();
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
        int kept = 0;
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
            if (random.nextInt(8_000) == 0) {
                boolean isClean = random.nextBoolean();
                if (isClean) {
                    identities.beforeCommit(0);
                    committed = new HashMap<>(all);
                }
                restart();
                all = new HashMap<>(committed);
                kept += identities.keptRuns();
                assertThat(identities.forgottenBefore()).isEqualTo(floor == 0 ? Long.MIN_VALUE : floor);
            }
        }
        assertThat(floor).as("something was forgotten").isPositive();
        assertThat(kept).as("runs were used again").isPositive();
        long livesFrom = floor;
        all.forEach((identity, entry) -> {
            if (entry.recordTime() >= livesFrom) {
                assertThat(identities.find(identity)).isEqualTo(entry);
            }
        });
    }
}

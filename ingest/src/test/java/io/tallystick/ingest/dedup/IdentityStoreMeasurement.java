package io.tallystick.ingest.dedup;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Measures the identity store by itself: rates, bytes and how long it takes to open. Not a test: run its {@code main} with the number of
 * identities and a directory.
 */
public final class IdentityStoreMeasurement {

    private static final int PER_COMMIT = 20_000;
    private static final long HEAP_OF_ONE_OF_TWELVE = IdentityMemory.HEAP_BYTES_DEFAULT / 12;

    private IdentityStoreMeasurement() {}

    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);
        IdentityMemory memory = IdentityMemory.of(HEAP_OF_ONE_OF_TWELVE, IdentityMemory.FILTER_BYTES_DEFAULT, 1);
        KeyValueStore<Bytes, byte[]> blocks = TestingBlocks.open(directory);
        BlockIdentityStore identities = BlockIdentityStore.open(blocks, directory.resolve("runs"), memory);

        long start = cpuNanos();
        long half = start;
        for (int i = 0; i < count; i++) {
            if (identities.find(identity(i)) != null) {
                throw new AssertionError("found " + i);
            }
            identities.add(identity(i), new Entry(i, new Place(3, i), 1_776_686_400_000L + i, 1));
            if (i % PER_COMMIT == PER_COMMIT - 1) {
                identities.beforeCommit(0);
            }
            if (i == count / 2) {
                half = cpuNanos();
            }
        }
        identities.beforeCommit(0);
        say("new identities, look-up and add", count, start);
        say("  of these the second half", count / 2, half);

        SplittableRandom random = new SplittableRandom(1);
        int lookUps = Math.min(count, 1_000_000);
        start = cpuNanos();
        for (int i = 0; i < lookUps; i++) {
            if (identities.find(identity(random.nextInt(count))) == null) {
                throw new AssertionError("lost");
            }
        }
        say("duplicates, look-up of a random one", lookUps, start);
        start = cpuNanos();
        for (int i = 0; i < lookUps; i++) {
            if (identities.find(identity(count + i)) != null) {
                throw new AssertionError("found");
            }
        }
        say("new ones, look-up alone", lookUps, start);
        System.out.printf(
                Locale.ROOT,
                "runs %d, filters %.1f bytes each%n",
                identities.runCount(),
                (double) memory.filterBytes() / count);
        System.out.printf(
                Locale.ROOT, "run files %.1f bytes each%n", (double) bytes(directory.resolve("runs")) / count);
        identities.close();
        blocks.close();
        System.out.printf(Locale.ROOT, "blocks in RocksDB %.1f bytes each%n", (double) bytes(directory) / count);

        open("opened again, behind a clean stop", count, directory, memory);
        Files.delete(directory.resolve("runs").resolve(SavedRuns.FILE));
        open("opened again, from the blocks", count, directory, memory);
    }

    private static void open(String what, int count, Path directory, IdentityMemory memory) {
        long start = cpuNanos();
        KeyValueStore<Bytes, byte[]> blocks = TestingBlocks.open(directory);
        BlockIdentityStore identities = BlockIdentityStore.open(blocks, directory.resolve("runs"), memory);
        say(what, count, start);
        identities.close();
        blocks.close();
    }

    private static Identity identity(long number) {
        SplittableRandom random = new SplittableRandom(number);
        return new Identity(random.nextLong(), random.nextLong());
    }

    private static void say(String what, long count, long start) {
        double seconds = (cpuNanos() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f s of CPU, %.0f ns each, %.0f thousand/s%n",
                what,
                seconds,
                seconds / count * 1e9,
                count / seconds / 1000);
    }

    /** Of this thread alone, so that a busy machine measures the same; merging goes on beside it. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long bytes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

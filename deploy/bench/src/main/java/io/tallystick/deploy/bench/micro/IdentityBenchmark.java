package io.tallystick.deploy.bench.micro;

import io.tallystick.ingest.dedup.BlockIdentityStore;
import io.tallystick.ingest.dedup.IdentityMemory;
import io.tallystick.ingest.dedup.IdentityStore;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Looking identities up: one that is new, as nearly all are, and one that was accepted long ago. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
public class IdentityBenchmark {

    private static final int PARTITIONS = 12;
    private static final int COMMIT_EVERY = 20_000;

    @Param({"100000", "2000000"})
    public int identities;

    private Path directory;
    private IdentityStore store;
    private final SplittableRandom unseen = new SplittableRandom(2);
    private SplittableRandom seen;
    private int looked;

    @Setup(Level.Trial)
    public void fill() {
        try {
            directory = Files.createTempDirectory("tallystick-bench-identities-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store = BlockIdentityStore.open(
                new HeapStore(), directory.resolve("runs"), IdentityMemory.standard(PARTITIONS));
        SplittableRandom random = new SplittableRandom(1);
        for (int number = 0; number < identities; number++) {
            store.add(
                    new Identity(random.nextLong(), random.nextLong()),
                    new IdentityStore.Entry(number, new Place(0, number), number, 1));
            if (number % COMMIT_EVERY == 0) {
                store.beforeCommit(Long.MIN_VALUE);
            }
        }
        store.beforeCommit(Long.MIN_VALUE);
        seen = new SplittableRandom(1);
    }

    @TearDown(Level.Trial)
    public void remove() {
        store.close();
        try {
            Files.deleteIfExists(directory.resolve("runs"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Benchmark
    public IdentityStore.@Nullable Entry lookUpNew() {
        return store.find(new Identity(unseen.nextLong(), unseen.nextLong()));
    }

    @Benchmark
    public IdentityStore.@Nullable Entry lookUpAccepted() {
        if (looked++ == identities) {
            looked = 1;
            seen = new SplittableRandom(1);
        }
        return store.find(new Identity(seen.nextLong(), seen.nextLong()));
    }
}

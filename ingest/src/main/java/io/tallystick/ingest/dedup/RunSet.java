package io.tallystick.ingest.dedup;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sorted runs of one partition, oldest first: each at least twice as large as all behind it together, so that they are few. Merged
 * in the background, which replaces runs only between two look-ups. Disposable: all of it can be made from the log again.
 */
final class RunSet {

    static final int RUNS_MAX = 8;

    /** So many more may wait behind a merge before adding waits for it. */
    private static final int RUNS_WAITING_MAX = 8;

    private static final Logger LOG = LoggerFactory.getLogger(RunSet.class);

    private final Path directory;
    private final IdentityMemory memory;
    private final List<SortedRun> runs = new ArrayList<>();
    private long files;
    private long forgettable = Long.MIN_VALUE;
    private @Nullable Merge merge;
    /** Of the merge: the merged run, null when nothing was left. */
    private CompletableFuture<@Nullable SortedRun> merging = CompletableFuture.completedFuture(null);

    /** A merge, from when it is ordered to when it is taken over or given up. */
    private static final class Merge {
        private final int from;
        private final int count;
        /** By the thread that merges, which begins, or by the one that gives up, and then it never begins. */
        private final AtomicBoolean claimed = new AtomicBoolean();

        private volatile boolean isGivenUp;

        Merge(int from, int count) {
            this.from = from;
            this.count = count;
        }
    }

    /** @param kept runs of an earlier life, which lie in {@code directory}; what else is there is deleted */
    RunSet(Path directory, IdentityMemory memory, List<SortedRun> kept) {
        this.directory = directory;
        this.memory = memory;
        runs.addAll(kept);
        Set<Path> names = kept.stream().map(SortedRun::file).collect(Collectors.toSet());
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
                for (Path file : left) {
                    if (!names.contains(file)) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    int size() {
        return runs.size();
    }

    @Nullable
    Entry find(long high, long low) {
        try {
            for (int i = runs.size() - 1; i >= 0; i--) {
                Entry found = runs.get(i).find(high, low);
                if (found != null) {
                    return found;
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a run of entries that are in order already. */
    void add(byte[] sorted) {
        long count = sorted.length / EntryBytes.SIZE;
        try {
            try (SortedRun.Writer writer = new SortedRun.Writer(nextFile(), count, memory)) {
                for (int at = 0; at < sorted.length; at += EntryBytes.SIZE) {
                    writer.add(sorted, at);
                }
                runs.add(writer.finish());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settle(runs.size() > RUNS_MAX + RUNS_WAITING_MAX);
    }

    /** Entries with a record time before this need not survive a merge. */
    void forget(long before) {
        forgettable = before;
    }

    /** Takes over what has been merged meanwhile. */
    void settle() {
        settle(false);
    }

    private void settle(boolean wait) {
        Merge running = merge;
        if (running != null && (wait || merging.isDone())) {
            merge = null;
            replace(running, merging.join());
        }
        while (merge == null) {
            int from = firstToMerge();
            if (from >= runs.size() - 1) {
                return;
            }
            start(from);
            running = merge;
            if (running == null || !wait) {
                return;
            }
            merge = null;
            replace(running, merging.join());
        }
    }

    /** The oldest run that is not twice as large as all behind it. */
    private int firstToMerge() {
        long behind = 0;
        int first = runs.size();
        for (int i = runs.size() - 1; i >= 0; i--) {
            if (runs.get(i).count() < 2 * behind) {
                first = i;
            }
            behind += runs.get(i).count();
        }
        return runs.size() > RUNS_MAX ? Math.min(first, RUNS_MAX - 1) : first;
    }

    private void start(int from) {
        List<SortedRun> merged = List.copyOf(runs.subList(from, runs.size()));
        Path file = nextFile();
        long before = forgettable;
        Merge ordered = new Merge(from, merged.size());
        merge = ordered;
        merging = CompletableFuture.supplyAsync(
                () -> {
                    if (!ordered.claimed.compareAndSet(false, true)) {
                        throw new CancellationException();
                    }
                    return merged(ordered, merged, file, before);
                },
                memory.merging());
    }

    private @Nullable SortedRun merged(Merge ordered, List<SortedRun> merged, Path file, long before) {
        long countMax = merged.stream().mapToLong(SortedRun::count).sum();
        try (SortedRun.Writer writer = new SortedRun.Writer(file, countMax, memory)) {
            List<SortedRun.Cursor> cursors = new ArrayList<>();
            for (SortedRun run : merged) {
                SortedRun.Cursor cursor = run.cursor();
                if (cursor.next()) {
                    cursors.add(cursor);
                }
            }
            boolean wroteAny = false;
            while (!cursors.isEmpty()) {
                if (ordered.isGivenUp) {
                    throw new CancellationException();
                }
                SortedRun.Cursor least = least(cursors);
                if (EntryBytes.time(least.bytes(), least.at()) >= before) {
                    writer.add(least.bytes(), least.at());
                    wroteAny = true;
                }
                pass(cursors, least);
            }
            return wroteAny ? writer.finish() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of several entries of one identity the newest run's, which is the last in the list. */
    private static SortedRun.Cursor least(List<SortedRun.Cursor> cursors) {
        SortedRun.Cursor least = cursors.get(cursors.size() - 1);
        for (int i = cursors.size() - 2; i >= 0; i--) {
            SortedRun.Cursor other = cursors.get(i);
            if (EntryBytes.compare(other.bytes(), other.at(), least.bytes(), least.at()) < 0) {
                least = other;
            }
        }
        return least;
    }

    /** Moves every cursor past the entry of {@code least}, that one last. */
    private static void pass(List<SortedRun.Cursor> cursors, SortedRun.Cursor least) throws IOException {
        for (int i = cursors.size() - 1; i >= 0; i--) {
            SortedRun.Cursor cursor = cursors.get(i);
            if (cursor != least
                    && EntryBytes.compare(cursor.bytes(), cursor.at(), least.bytes(), least.at()) == 0
                    && !cursor.next()) {
                cursors.remove(i);
            }
        }
        if (!least.next()) {
            cursors.remove(least);
        }
    }

    private void replace(Merge done, @Nullable SortedRun result) {
        List<SortedRun> part = runs.subList(done.from, done.from + done.count);
        List<SortedRun> replaced = List.copyOf(part);
        part.clear();
        if (result != null) {
            runs.add(done.from, result);
        }
        delete(replaced);
    }

    /** Every one of them, whatever becomes of the others. */
    private static void delete(List<SortedRun> runs) {
        IOException failure = null;
        for (SortedRun run : runs) {
            try {
                run.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Saves the runs for the next start and gives them up. */
    void save(BlockLog.Ending ending, byte[] recent) {
        try {
            giveUpMerge();
            SavedRuns.write(directory, ending, recent, runs);
            for (SortedRun run : runs) {
                run.release();
            }
            runs.clear();
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).addKeyValue("directory", directory).log("runs_not_saved");
            close();
        }
    }

    /** What it has finished is taken over; what it has not is left as it is, since a stop should not wait for it. */
    private void giveUpMerge() {
        Merge running = merge;
        merge = null;
        if (running == null) {
            return;
        }
        running.isGivenUp = true;
        if (running.claimed.compareAndSet(false, true)) {
            return;
        }
        @Nullable SortedRun result;
        try {
            result = merging.join();
        } catch (CancellationException | CompletionException e) {
            if (!(e instanceof CancellationException || e.getCause() instanceof CancellationException)) {
                LOG.atWarn().setCause(e).addKeyValue("directory", directory).log("a merge of identities failed");
            }
            return;
        }
        replace(running, result);
    }

    /** Deletes every file. */
    void close() {
        try {
            giveUpMerge();
        } finally {
            List<SortedRun> all = List.copyOf(runs);
            runs.clear();
            delete(all);
        }
    }

    private Path nextFile() {
        Path file;
        do {
            file = directory.resolve("run-" + files++);
        } while (Files.exists(file)); // of an earlier life
        return file;
    }
}

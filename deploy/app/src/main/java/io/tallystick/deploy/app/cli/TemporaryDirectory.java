package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory for the time of one command: nothing of it is left when it is closed, nor when the process is told to end. What a process has left that was
 * killed is removed by the next one that makes such a directory: it holds a lock as long as it lives.
 */
final class TemporaryDirectory implements AutoCloseable {

    private static final String LOCK = ".in-use";

    /** Those of this process, whose locks must not be looked at: a process that closes a file gives up all its locks on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;
    private final Thread atExit = new Thread(this::remove, "remove-temporary-directory");

    private TemporaryDirectory(Path path) throws IOException {
        this.path = path;
        OWN.add(path);
        this.lock = locked(path);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static TemporaryDirectory make(String prefix) {
        return make(Path.of(System.getProperty("java.io.tmpdir")), prefix);
    }

    static TemporaryDirectory make(Path parent, String prefix) {
        removeLeftovers(parent, prefix);
        try {
            return new TemporaryDirectory(Files.createTempDirectory(parent, prefix));
        } catch (IOException e) {
            throw Failure.wrongInput(
                    "no temporary directory can be made (" + e.getMessage() + ")",
                    "make room in the system's directory for temporary files",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** The file has its name only once it is locked: nobody finds it between. */
    private static FileChannel locked(Path directory) throws IOException {
        Path unnamed = directory.resolve(LOCK + ".new");
        FileChannel channel = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (channel.tryLock() != null) {
            Files.move(unnamed, directory.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        }
        return channel;
    }

    private static void removeLeftovers(Path parent, String prefix) {
        try (DirectoryStream<Path> there = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path directory : there) {
                if (!OWN.contains(directory) && isLeftover(directory)) {
                    remove(directory);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return; // somebody else's, or removed by another: this command can do without
        }
    }

    private static boolean isLeftover(Path directory) {
        Path file = directory.resolve(LOCK);
        if (Files.isSymbolicLink(directory) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // the process is ending, and the hook runs
        }
    }

    /** As closing, for whoever knows that the process is about to end. */
    void remove() {
        remove(path);
        OWN.remove(path);
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path one : List.copyOf(paths.sorted(Comparator.reverseOrder()).toList())) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

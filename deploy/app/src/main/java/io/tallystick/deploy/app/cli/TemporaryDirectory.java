package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for the time of one command: nothing of it is left when it is closed, nor when the process is told to end. */
final class TemporaryDirectory implements AutoCloseable {

    private final Path path;
    private final Thread atExit = new Thread(this::remove, "remove-temporary-directory");

    private TemporaryDirectory(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static TemporaryDirectory make(String prefix) {
        try {
            return new TemporaryDirectory(Files.createTempDirectory(prefix));
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
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path one : List.copyOf(paths.sorted(Comparator.reverseOrder()).toList())) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

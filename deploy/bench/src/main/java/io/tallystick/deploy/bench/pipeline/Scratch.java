package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.bench.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The temporary directory, and what runs in it: both are gone in the end, whatever that is. */
final class Scratch {

    private final Path path;
    private final List<ChildProcess> children = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::abandon, "bench-stop");

    private Scratch(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Scratch make() {
        try {
            return new Scratch(Files.createTempDirectory("tallystick-bench-"));
        } catch (IOException e) {
            throw Failure.wrongInput(
                    "no temporary directory can be made (" + e.getMessage() + ")",
                    "choose another with TALLYSTICK_JAVA_OPTS=-Djava.io.tmpdir=DIR",
                    e);
        }
    }

    Path path() {
        return path;
    }

    Path fresh(String name) {
        return path.resolve(name);
    }

    ChildProcess track(ChildProcess child) {
        children.add(child);
        return child;
    }

    void remove() {
        Runtime.getRuntime().removeShutdownHook(hook);
        remove(path);
    }

    private void abandon() {
        children.forEach(ChildProcess::kill);
        remove(path);
    }

    static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path one : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of all files below directories whose name begins so, but a topic's indexes, which are mostly room; also while somebody writes there. */
    static long bytesOf(Path directory, String prefix) {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith("index")) {
                        return FileVisitResult.CONTINUE;
                    }
                    for (Path part : directory.relativize(file)) {
                        if (part.toString().startsWith(prefix)) {
                            bytes.addAndGet(attributes.size());
                            break;
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.get();
    }
}

package io.tallystick.deploy.app.kafka;

import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A directory that one process at a time keeps its data in. The lock goes with the process, however it ends. */
public final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** Creates the directory when it is not there, and takes it; a Failure when it cannot be written or another process has it. */
    public static DataDirectory open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        FileChannel lockFile;
        try {
            lockFile = FileChannel.open(
                    directory.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        try {
            if (lock(lockFile) == null) {
                String owner = ownerIn(lockFile);
                lockFile.close();
                throw Failure.wrongInput(
                        "the data directory " + directory + " is in use by another process" + owner,
                        "stop that process, or name another directory with --data");
            }
            lockFile.truncate(0);
            lockFile.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        return new DataDirectory(directory, lockFile);
    }

    public Path path() {
        return path;
    }

    /** A directory below this one, created when it is not there. */
    public Path below(String name) {
        Path directory = path.resolve(name);
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock file in " + path + " does not close", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process has it
        }
    }

    private static String ownerIn(FileChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(20);
        int read = file.read(buffer, 0);
        String text = new String(buffer.array(), 0, Math.max(read, 0), StandardCharsets.US_ASCII);
        return text.matches("[0-9]+") ? " (process " + text + ")" : "";
    }

    private static Failure unwritable(Path directory, IOException e) {
        String why;
        if (e instanceof FileAlreadyExistsException) {
            why = e.getMessage() + " is a file";
        } else if (e instanceof AccessDeniedException) {
            why = "permission denied";
        } else if (e instanceof NoSuchFileException) {
            why = "there is no such place";
        } else if (e instanceof FileSystemException problem && problem.getReason() != null) {
            why = problem.getReason();
        } else {
            why = String.valueOf(e.getMessage());
        }
        return Failure.wrongInput(
                "the data directory " + directory + " cannot be written (" + why + ")",
                "name a directory that can be written with --data",
                e);
    }
}

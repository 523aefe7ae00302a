package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Files that commands read, {@code -} for standard input. */
final class Inputs {

    private Inputs() {}

    static InputStream open(Path file) {
        if (file.toString().equals("-")) {
            return System.in;
        }
        try {
            if (Files.isDirectory(file)) {
                throw Failure.wrongInput(file + " is a directory", "name a file, or - for standard input");
            }
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw Failure.wrongInput("there is no file " + file, "name one, or - for standard input", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The next line that is not blank, without its end; null behind the last. */
    static byte @Nullable [] nextLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        int next;
        while ((next = in.read()) >= 0) {
            if (next != '\n') {
                line.write(next);
            } else if (!isBlank(line)) {
                break;
            } else {
                line.reset();
            }
        }
        return isBlank(line) ? null : withoutCarriageReturn(line.toByteArray());
    }

    private static boolean isBlank(ByteArrayOutputStream line) {
        return line.size() == 0 || (line.size() == 1 && line.toByteArray()[0] == '\r');
    }

    private static byte[] withoutCarriageReturn(byte[] line) {
        return line[line.length - 1] == '\r' ? Arrays.copyOf(line, line.length - 1) : line;
    }

    /** The whole content. */
    static byte[] contentOf(Path file) {
        try (InputStream content = open(file)) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static Failure unreadable(Path file, IOException e) {
        return Failure.wrongInput(
                "the file " + file + " cannot be read (" + e.getMessage() + ")",
                "name one that can, or - for standard input",
                e);
    }
}

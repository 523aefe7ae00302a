package io.tallystick.deploy.app.cli;

import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

    static Failure unreadable(Path file, IOException e) {
        return Failure.wrongInput(
                "the file " + file + " cannot be read (" + e.getMessage() + ")",
                "name one that can, or - for standard input",
                e);
    }
}

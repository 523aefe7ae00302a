package io.tallystick.deploy.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {

    @TempDir
    private Path parent;

    @Test
    void whatAKilledProcessHasLeftIsRemovedAndWhatALivingOneHasIsNot() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path others;
        try {
            others = Path.of(other.inputReader().readLine());
            TemporaryDirectory.make(parent, "work-").close();

            assertThat(others.resolve("store")).exists();
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        TemporaryDirectory.make(parent, "other-").close();
        assertThat(others.resolve("store")).exists();

        TemporaryDirectory.make(parent, "work-").close();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void twoOfOneProcessLeaveEachOtherAlone() throws IOException {
        try (TemporaryDirectory first = TemporaryDirectory.make(parent, "work-")) {
            Files.createFile(first.path().resolve("store"));
            try (TemporaryDirectory second = TemporaryDirectory.make(parent, "work-")) {
                assertThat(second.path()).isNotEqualTo(first.path());
            }

            assertThat(first.path().resolve("store")).exists();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatNoCommandMadeStays() throws IOException {
        Path foreign = Files.createDirectory(parent.resolve("work-of-mine"));

        TemporaryDirectory.make(parent, "work-").close();

        assertThat(List.of(foreign)).allMatch(Files::exists);
    }

    /** Another process, which has a directory until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            TemporaryDirectory directory = TemporaryDirectory.make(Path.of(arguments[0]), "work-");
            Files.createFile(directory.path().resolve("store"));
            System.out.println(directory.path());
            System.in.read();
        }
    }
}

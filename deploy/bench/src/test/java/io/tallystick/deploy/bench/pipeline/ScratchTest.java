package io.tallystick.deploy.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    @Test
    void leavesNothingBehind() throws Exception {
        Scratch scratch = Scratch.make();
        Path below = Files.createDirectories(scratch.fresh("kafka").resolve("topic-0"));
        Files.writeString(below.resolve("segment"), "bytes");
        scratch.remove();
        assertThat(scratch.path()).doesNotExist();
    }

    @Test
    void addsUpTheFilesBelowDirectoriesOfOnePrefix(@TempDir Path directory) throws Exception {
        Path store = Files.createDirectories(directory.resolve("0_1").resolve("identities-v1"));
        Files.writeString(store.resolve("one"), "12345");
        Files.writeString(Files.createDirectories(store.resolve("below")).resolve("two"), "67");
        Files.writeString(
                Files.createDirectories(directory.resolve("0_1").resolve("sequences"))
                        .resolve("three"),
                "8");
        assertThat(Scratch.bytesOf(directory, "identit")).isEqualTo(7);
    }
}

package io.tallystick.deploy.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JvmTest {

    @Test
    void whatIsMeasuredRunsAsTheLauncherStartsIt() throws IOException {
        String launcher = Files.readString(Path.of("..", "tallystick"));

        assertThat(launcher).contains("heap=${TALLYSTICK_HEAP:-1536m}");
        assertThat(Jvm.stages("1536m"))
                .allSatisfy(option -> assertThat(launcher)
                        .contains(option.startsWith("-Xm") ? option.substring(0, 4) + "\"$heap\"" : option));
    }
}

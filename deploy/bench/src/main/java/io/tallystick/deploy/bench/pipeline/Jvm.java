package io.tallystick.deploy.bench.pipeline;

import java.util.List;
import java.util.stream.Stream;

/** How the processes are started. */
final class Jvm {

    private Jvm() {}

    private static final String HEAP =
            System.getenv("TALLYSTICK_HEAP") == null ? "1536m" : System.getenv("TALLYSTICK_HEAP");

    /** As the launcher starts a service. */
    static final List<String> STAGES = Stream.concat(
                    Stream.of("-XX:+UseParallelGC", "-Xms256m", "-Xmx" + HEAP, "-XX:+ExitOnOutOfMemoryError"), extra())
            .toList();

    /** As Kafka's own scripts start a broker. */
    static final List<String> BROKER =
            List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:+ExitOnOutOfMemoryError");

    private static Stream<String> extra() {
        String options = System.getProperty("tallystick.bench.jvm", "");
        return options.isEmpty() ? Stream.of() : Stream.of(options.split(" "));
    }
}

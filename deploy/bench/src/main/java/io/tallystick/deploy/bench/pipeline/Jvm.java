package io.tallystick.deploy.bench.pipeline;

import java.util.List;
import java.util.stream.Stream;

/** How the processes are started. */
final class Jvm {

    private Jvm() {}

    /** As the launcher starts a service. */
    static final List<String> STAGES = stages("1536m");

    /** As Kafka's own scripts start a broker. */
    static final List<String> BROKER =
            List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:+ExitOnOutOfMemoryError");

    /** The same with another heap, unless TALLYSTICK_HEAP says how much. */
    static List<String> stages(String heapDefault) {
        return Stream.concat(
                        Stream.of(
                                "-XX:+UseParallelGC",
                                "-Xms" + heap(heapDefault),
                                "-Xmx" + heap(heapDefault),
                                "-XX:NewRatio=1",
                                "-XX:-UseAdaptiveSizePolicy",
                                "-XX:MetaspaceSize=128m",
                                "-XX:+ExitOnOutOfMemoryError"),
                        Stream.concat(compilers(), extra()))
                .toList();
    }

    private static Stream<String> compilers() {
        return Runtime.getRuntime().availableProcessors() < 4 ? Stream.of("-XX:CICompilerCount=3") : Stream.of();
    }

    static String heap(String otherwise) {
        String chosen = System.getenv("TALLYSTICK_HEAP");
        return chosen == null ? otherwise : chosen;
    }

    private static Stream<String> extra() {
        String options = System.getProperty("tallystick.bench.jvm", "");
        return options.isEmpty() ? Stream.of() : Stream.of(options.split(" "));
    }
}

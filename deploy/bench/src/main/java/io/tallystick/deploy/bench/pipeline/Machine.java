package io.tallystick.deploy.bench.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;

/** What a rate was measured on: without that it says nothing. */
final class Machine {

    /** Behind the line's name: user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final int STOLEN = 8;

    private Machine() {}

    static void describe(ObjectNode json) {
        json.put("date", Instant.now().toString())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("processor", processor())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("java", System.getProperty("java.runtime.version"))
                .put("kafka", AppInfoParser.getVersion())
                .put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine) {
            json.put("memoryBytes", machine.getTotalMemorySize());
        }
    }

    static String line(ObjectNode json) {
        return String.format(
                Locale.ROOT,
                "%d processors (%s), %.0f GiB, %s, Java %s, Kafka %s, load %.1f, %s",
                json.path("processors").asInt(),
                json.path("processor").asText(),
                json.path("memoryBytes").asDouble() / (1 << 30),
                json.path("os").asText(),
                json.path("java").asText(),
                json.path("kafka").asText(),
                json.path("loadAverage").asDouble(),
                json.path("date").asText());
    }

    /**
     * Processor seconds since it started that were others' on its host while something here wanted to run: the eighth number of {@code cpu} in
     * {@code /proc/stat}, in hundredths (proc(5)). 0 where the system does not tell.
     */
    static double stolenSeconds() {
        Path times = Path.of("/proc/stat");
        try {
            if (!Files.exists(times)) {
                return 0;
            }
            String[] ofAll = Files.readAllLines(times).get(0).split(" +");
            return ofAll.length > STOLEN ? Long.parseLong(ofAll[STOLEN]) / 100.0 : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String processor() {
        Path cpus = Path.of("/proc/cpuinfo");
        try {
            return Files.exists(cpus)
                    ? Files.readAllLines(cpus).stream()
                            .filter(line -> line.startsWith("model name"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                            .orElse(System.getProperty("os.arch"))
                    : System.getProperty("os.arch");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

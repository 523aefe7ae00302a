package io.tallystick.deploy.app;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose heap is so full that collecting takes nearly all of its time: it would go on for long and answer nobody, where its
 * successor starts again from the log. The JVM looks for that only while it may adapt the sizes of the heap's parts, which the launcher
 * does not let it.
 */
final class HeapWatch {

    /** As of a JVM that ends when it is out of memory. */
    private static final int EXIT_STATUS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final double SHARE_MAX = 0.9;
    private static final int LOOKS = 4;

    private long lookedNanos;
    private long collectedMs;
    private int exhaustedLooks;

    /** @param nanos of a monotonic clock, now */
    HeapWatch(long nanos, long collectedMs) {
        this.lookedNanos = nanos;
        this.collectedMs = collectedMs;
    }

    /** Watches this process until it ends. */
    static void start() {
        HeapWatch watch = new HeapWatch(System.nanoTime(), collectedMs());
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "heap-watch");
            thread.setDaemon(true);
            return thread;
        });
        // Looks that come late are not made up for: each is about the time since the one before.
        var unused = looking.scheduleWithFixedDelay(
                () -> {
                    if (watch.isExhausted(System.nanoTime(), collectedMs())) {
                        end();
                    }
                },
                LOOK_EVERY.toMillis(),
                LOOK_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Whether collecting has taken nearly all of the time for several looks.
     *
     * @param nowCollectedMs what all collections have taken together, in milliseconds
     */
    boolean isExhausted(long nanos, long nowCollectedMs) {
        double passedMs = (nanos - lookedNanos) / 1e6;
        exhaustedLooks = nowCollectedMs - collectedMs > SHARE_MAX * passedMs ? exhaustedLooks + 1 : 0;
        lookedNanos = nanos;
        collectedMs = nowCollectedMs;
        return exhaustedLooks >= LOOKS;
    }

    private static void end() {
        try {
            LOG.error(
                    "heap_exhausted: collecting takes nearly all of the time, so the process ends; TALLYSTICK_HEAP gives it more");
        } finally {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }

    private static long collectedMs() {
        long sum = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            sum += Math.max(0, collector.getCollectionTime());
        }
        return sum;
    }
}

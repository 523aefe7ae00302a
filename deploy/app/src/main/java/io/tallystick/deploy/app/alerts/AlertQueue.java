package io.tallystick.deploy.app.alerts;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The alerts of one partition that were read and not yet taken, in their order; the first is tried until it is taken. */
final class AlertQueue {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);
    private static final int DOUBLINGS_MAX = 10;

    private final Deque<ConsumerRecord<String, byte[]>> waiting = new ArrayDeque<>();
    private int attempts;
    private long firstTriedAt;
    private long dueAt;

    void add(List<ConsumerRecord<String, byte[]>> records) {
        waiting.addAll(records);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    int attempts() {
        return attempts;
    }

    /** The first one, unless its time has not come. */
    Optional<ConsumerRecord<String, byte[]>> due(long nanos) {
        @Nullable ConsumerRecord<String, byte[]> first = waiting.peek();
        return first == null || (attempts > 0 && nanos - dueAt < 0) ? Optional.empty() : Optional.of(first);
    }

    /** The first one is done with. */
    void done() {
        waiting.remove();
        attempts = 0;
    }

    /** The first one was not taken: it is tried again at a random time that is the farther off the more often it failed. */
    void failed(long nanos, Optional<Duration> retryAfter) {
        if (attempts == 0) {
            firstTriedAt = nanos;
        }
        long ceiling = Math.min(WAIT_MAX.toNanos(), FIRST_WAIT.toNanos() << Math.min(attempts, DOUBLINGS_MAX));
        attempts++;
        long wait = ThreadLocalRandom.current().nextLong(ceiling + 1);
        dueAt = nanos + Math.max(wait, retryAfter.map(Duration::toNanos).orElse(0L));
    }

    /** How long the first one has been tried. */
    Duration triedFor(long nanos) {
        return attempts == 0 ? Duration.ZERO : Duration.ofNanos(nanos - firstTriedAt);
    }
}

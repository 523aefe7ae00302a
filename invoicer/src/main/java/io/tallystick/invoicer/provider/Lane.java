package io.tallystick.invoicer.provider;

import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The deliveries of one customer and meter, which go one after the other. One thread works on it at a time; others may add to it. */
final class Lane implements Delayed {

    private final int partition;
    private final Deque<DeliveryState> waiting = new ArrayDeque<>();
    private long dueNanos = System.nanoTime();
    private int failures;
    private boolean isScheduled;
    private boolean isReleased;

    Lane(int partition) {
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    /** Says whether the lane must be scheduled. */
    synchronized boolean add(DeliveryState state) {
        waiting.addLast(state);
        boolean wasIdle = !isScheduled;
        isScheduled = true;
        return wasIdle;
    }

    /** The first delivery; null when there is none, and then the lane is idle. */
    synchronized @Nullable DeliveryState head() {
        DeliveryState head = isReleased ? null : waiting.peekFirst();
        isScheduled = head != null;
        return head;
    }

    synchronized boolean holds(String delivery) {
        return waiting.stream().anyMatch(state -> state.delivery().id().equals(delivery));
    }

    /** Whether one that waits takes back what {@code delivery} makes. */
    synchronized boolean takesBack(String delivery) {
        return waiting.stream()
                .map(DeliveryState::delivery)
                .anyMatch(other -> other.after().equals(delivery) && InvoiceDeliveries.isWithdrawal(other));
    }

    /** Lets the first delivery wait behind all others; false where it is the only one. */
    synchronized boolean postpone() {
        if (isReleased || waiting.size() < 2) {
            return false;
        }
        waiting.addLast(waiting.removeFirst());
        return true;
    }

    synchronized void replaceHead(DeliveryState state) {
        if (!isReleased) {
            waiting.removeFirst();
            waiting.addFirst(state);
        }
    }

    /** Says whether another one follows; if not, the lane is idle. */
    synchronized boolean removeHead() {
        waiting.pollFirst();
        isScheduled = !waiting.isEmpty();
        return isScheduled;
    }

    synchronized void release() {
        isReleased = true;
        waiting.clear();
    }

    synchronized boolean isReleased() {
        return isReleased;
    }

    synchronized int size() {
        return waiting.size();
    }

    /** One more attempt in a row has failed; says how many. */
    synchronized int failed() {
        return ++failures;
    }

    /**
     * The provider has answered that a step was not done, which is asked for under another identity now. So it is well, and what failed before counts no more;
     * but it may go on to fail whatever it is asked for: then each such answer makes the next wait longer.
     *
     * @param answers how many of this kind there were for the step, at least 1
     * @return how many attempts in a row count as failed
     */
    synchronized int beginsAnew(int answers) {
        failures = Math.min(failures + 1, answers);
        return failures;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    void dueIn(Duration pause) {
        dueNanos = System.nanoTime() + pause.toNanos();
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

package io.tallystick.deploy.app.role;

import io.tallystick.schemas.stream.RevisionsInForce;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stage's application in this process. A thread that dies is replaced, unless too many die in a short time. */
final class RunningStage {

    private static final Logger LOG = LoggerFactory.getLogger(RunningStage.class);
    private static final int DEATHS_MAX = 5;
    private static final Duration DEATHS_WITHIN = Duration.ofMinutes(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

    private final Role role;
    private final RevisionsInForce revisions;
    private final KafkaStreams streams;
    private final Deque<Long> deaths = new ArrayDeque<>();

    /** @param onFailure called with what to tell people when the stage gives up */
    RunningStage(Role role, KafkaStreams streams, RevisionsInForce revisions, Consumer<String> onFailure) {
        this.role = role;
        this.revisions = revisions;
        this.streams = streams;
        streams.setUncaughtExceptionHandler(e -> onDeath(e, onFailure));
        RestoreLog restoring = new RestoreLog(role);
        streams.setGlobalStateRestoreListener(restoring);
        streams.setStateListener(restoring);
    }

    Role role() {
        return role;
    }

    RevisionsInForce revisions() {
        return revisions;
    }

    KafkaStreams streams() {
        return streams;
    }

    void start() {
        streams.start();
    }

    /** Whether every store that was given to this process is restored. */
    boolean isRestored() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Commits, leaves the group (so that the next start need not wait for this one's session to end) and stops. */
    void close() {
        boolean closed = streams.close(CloseOptions.timeout(CLOSE_PATIENCE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        if (!closed) {
            LOG.warn("stage_close_timed_out role={} seconds={}", role, CLOSE_PATIENCE.toSeconds());
        }
    }

    private synchronized StreamThreadExceptionResponse onDeath(Throwable e, Consumer<String> onFailure) {
        long now = System.nanoTime();
        deaths.addLast(now);
        while (now - deaths.getFirst() > DEATHS_WITHIN.toNanos()) {
            deaths.removeFirst();
        }
        if (deaths.size() > DEATHS_MAX) {
            LOG.error("stage_failed role={} deaths={}", role, deaths.size(), e);
            onFailure.accept(role + " failed " + deaths.size() + " times within " + DEATHS_WITHIN.toMinutes()
                    + " minutes, last with: " + rootOf(e));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.warn("stage_thread_replaced role={} deaths={}", role, deaths.size(), e);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}

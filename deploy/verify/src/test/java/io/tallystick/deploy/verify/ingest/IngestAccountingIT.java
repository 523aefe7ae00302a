package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.deploy.verify.ingest.Producers.Usage;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every record is accounted for, exactly, after kills and however producers key their records. The long run:
 * {@code mvn -B verify -pl deploy/verify -am -Dit.test=IngestAccountingIT -Daccounting.events=1000000 -Daccounting.kills=20}.
 */
class IngestAccountingIT {

    private static final int EVENTS = Integer.getInteger("accounting.events", 12_000);
    private static final int KILLS = Integer.getInteger("accounting.kills", 1);
    private static final int BURST = 2_000;
    /** How far the producers get ahead of a kill that is due: each falls while events come in. */
    private static final int AHEAD_MAX = 10_000;

    private static final Duration BETWEEN_BURSTS = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    private Path data;

    @Test
    void everyRecordHasOneOutcomeWhateverIsKilledAndHoweverItIsKeyed() {
        Random random = Seed.random("accounting");
        UsageMix mix = new UsageMix(random, EVENTS);
        TreeSet<Integer> killAt = new TreeSet<>();
        while (killAt.size() < KILLS) {
            killAt.add(random.nextInt(EVENTS));
        }
        try (TestingUp up = TestingUp.start("accounting", data);
                EventLog log = new EventLog(up.bootstrap())) {
            up.service().putCatalog(UsageMix.CATALOG).ok();

            TreeSet<Integer> due = new TreeSet<>(killAt);
            AtomicInteger until = new AtomicInteger(due.isEmpty() ? EVENTS : due.first() + AHEAD_MAX);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sendAll(log, mix, new Producers(random), until));
            for (int moment : killAt) {
                // By what is decided, not by what is sent: a kill between two starts would interrupt nothing.
                Deadline.within(PATIENCE)
                        .await(
                                moment + " events are decided",
                                () -> new Accounting(log, up.service()).read() >= moment ? moment : null);
                up.kill();
                due.remove(moment);
                until.set(due.isEmpty() ? EVENTS : due.first() + AHEAD_MAX);
                up.start();
            }
            sending.join();

            long records = log.size(Topics::usageEvents);
            assertThat(records).isGreaterThanOrEqualTo(EVENTS);
            long garbage = mix.garbageOn(log);
            Accounting accounting = Deadline.within(PATIENCE).await("every record is read", () -> {
                Accounting now = new Accounting(log, up.service());
                return now.read() == records && now.forwarded() == now.received() ? now : null;
            });
            accounting.check();
            Map<String, Integer> rejected = rejectedByReason(log);
            int conflicts = rejected.getOrDefault("conflicting_duplicate", 0);
            assertThat(accounting.accepted()).isEqualTo(mix.identities());
            assertThat(accounting.rejected()).isEqualTo(garbage + conflicts);
            assertThat(accounting.duplicates()).isEqualTo(records - mix.identities() - garbage - conflicts);
            // Which of two that conflict comes first depends on the partitions they came by; that some do does not.
            assertThat(conflicts).isPositive();
            System.out.printf(
                    "accounting: %d kills; read %d = accepted %d + duplicates %d + rejected %d (%s); %d by the misrouted hop%n",
                    KILLS,
                    accounting.read(),
                    accounting.accepted(),
                    accounting.duplicates(),
                    accounting.rejected(),
                    rejected,
                    accounting.received());
        }
    }

    private static void sendAll(EventLog log, UsageMix mix, Producers producers, AtomicInteger until) {
        int sent = 0;
        for (Usage usage : mix.events()) {
            producers.send(log, usage);
            sent++;
            int next = sent;
            Deadline.within(PATIENCE).await("the next kill", () -> next < until.get() || next == EVENTS ? next : null);
            if (sent % BURST == 0) {
                LockSupport.parkNanos(BETWEEN_BURSTS.toNanos()); // so that the kills fall while it works, not behind
            }
        }
        log.flush();
    }

    private static Map<String, Integer> rejectedByReason(EventLog log) {
        Map<String, Integer> reasons = new TreeMap<>();
        log.forEach(Topics::usageRejected, record -> reasons.merge(EventLog.header(record, "reason"), 1, Integer::sum));
        return reasons;
    }
}

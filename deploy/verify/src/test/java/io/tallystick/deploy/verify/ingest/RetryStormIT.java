package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.deploy.verify.ingest.Producers.Usage;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The same events again and again: through restarts, after the loss of every store, and at the end of the horizon. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RetryStormIT {

    private static final int EVENTS = Integer.getInteger("storm.events", 3_000);
    private static final int TIMES = 10;
    private static final long START = Instant.parse("2026-01-10T00:00:00Z").toEpochMilli();
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir // static: instance fields are not set before the first test
    private static Path data;

    private TestingUp up;
    private EventLog log;
    private final List<Usage> events = new ArrayList<>();

    @BeforeAll
    void start() {
        up = TestingUp.start("storm", data);
        log = new EventLog(up.bootstrap());
        up.service().putCatalog(UsageMix.CATALOG).ok();
        for (int i = 0; i < EVENTS; i++) {
            events.add(UsageMix.event("storm-" + i % 20, "s" + i, START + i, 1));
        }
    }

    @AfterAll
    void stop() {
        log.close();
        up.close();
    }

    @Test
    @Order(1)
    void aRetryStormCountsEveryEventOnce() {
        Random random = Seed.random("storm");
        List<Usage> storm = new ArrayList<>(EVENTS * TIMES);
        for (int i = 0; i < TIMES; i++) {
            storm.addAll(events);
        }
        Collections.shuffle(storm, random);
        Producers producers = new Producers(random);
        int third = storm.size() / 3;

        storm.subList(0, third).forEach(usage -> producers.send(log, usage));
        log.flush();
        assertThat(up.stop()).isZero();
        up.start();
        storm.subList(third, 2 * third).forEach(usage -> producers.send(log, usage));
        log.flush();
        up.kill();
        up.start();
        storm.subList(2 * third, storm.size()).forEach(usage -> producers.send(log, usage));
        log.flush();

        long records = log.size(Topics::usageEvents);
        assertThat(records).isGreaterThanOrEqualTo(storm.size());
        Accounting accounting = awaitRead(records);
        accounting.check();
        assertThat(accounting.accepted()).isEqualTo(EVENTS);
        assertThat(accounting.duplicates()).isEqualTo(records - EVENTS);
        assertThat(accounting.rejected()).isZero();
        System.out.printf(
                "storm: read %d = accepted %d + duplicates %d%n",
                accounting.read(), accounting.accepted(), accounting.duplicates());
    }

    @Test
    @Order(2)
    void afterTheLossOfEveryStoreTheSameEventsAreDuplicates() throws IOException {
        assertThat(up.stop()).isZero();
        deleteAll(data.resolve("state"));

        long before = System.nanoTime();
        up.start();
        System.out.printf(
                "storm: ready %d ms after a start without stores, %d identities%n",
                Duration.ofNanos(System.nanoTime() - before).toMillis(), EVENTS);
        Producers producers = new Producers(new Random(1));
        events.forEach(usage -> producers.send(log, usage));
        log.flush();

        long records = log.size(Topics::usageEvents);
        Accounting accounting = awaitRead(records);
        accounting.check();
        assertThat(accounting.accepted()).isEqualTo(EVENTS);
        assertThat(accounting.duplicates()).isEqualTo(records - EVENTS).isGreaterThanOrEqualTo((long) EVENTS * TIMES);
    }

    @Test
    @Order(3)
    void anIdentityIsRememberedForHorizonAndSkew() {
        String tenant = "times";
        long t = START + Duration.ofDays(60).toMillis();
        long hour = Duration.ofHours(1).toMillis();
        long day = Duration.ofDays(1).toMillis();
        Usage first = UsageMix.event(tenant, "first", t, 1);
        Usage ahead = UsageMix.event(tenant, "ahead", t + hour, 1);
        long acceptedBefore = new Accounting(log, up.service()).accepted();
        long duplicatesBefore = new Accounting(log, up.service()).duplicates();
        long readBefore = new Accounting(log, up.service()).read();

        sendAt(first, t);
        sendAt(ahead, t);
        sendAt(first, t + 34 * day); // a duplicate
        sendAt(ahead, t + 35 * day + hour / 2); // a duplicate still: its time is not yet too old
        sendAt(first, t + 36 * day); // too old

        Accounting accounting = awaitRead(readBefore + 5);
        accounting.check();
        assertThat(accounting.accepted() - acceptedBefore).isEqualTo(2);
        assertThat(accounting.duplicates() - duplicatesBefore).isEqualTo(2);
        assertThat(reasons()).containsExactly("too_old");
        up.service().awaitTotal("mix_units", tenant, "2");
    }

    private void sendAt(Usage usage, long recordTime) {
        log.send(usage.tenant(), recordTime, usage.text());
        log.flush();
    }

    private Accounting awaitRead(long records) {
        return Deadline.within(PATIENCE).await(records + " records are read", () -> {
            Accounting now = new Accounting(log, up.service());
            return now.read() == records && now.forwarded() == now.received() ? now : null;
        });
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        log.forEach(Topics::usageRejected, record -> reasons.add(EventLog.header(record, "reason")));
        return reasons;
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

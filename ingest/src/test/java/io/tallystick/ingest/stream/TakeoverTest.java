package io.tallystick.ingest.stream;

import static io.tallystick.ingest.acceptance.TestingMeters.TOKENS;
import static io.tallystick.ingest.acceptance.TestingMeters.meter;
import static io.tallystick.ingest.acceptance.TestingMeters.revision;
import static io.tallystick.ingest.decode.TestingMessages.structured;
import static io.tallystick.ingest.stream.TestingIngest.AWAY;
import static io.tallystick.ingest.stream.TestingIngest.HOME;
import static io.tallystick.ingest.stream.TestingIngest.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.decode.TestingMessages;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.value.Period;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one partition has decided, carried into an empty one. */
class TakeoverTest {

    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    @TempDir
    Path before;

    @TempDir
    Path after;

    private List<TestRecord<byte[], byte[]>> log;
    private TestingIngest taking;

    @BeforeEach
    void decideSomething() {
        try (TestingIngest deciding = ingest(before)) {
            deciding.ask(new RevisionRequested(0, 1, "sha256:1"));
            deciding.ask(new SubscriptionRequested(HOME, 1, "home-main", "{}"));
            deciding.send(event(HOME, 1, 5), START.plusMillis(17));
            deciding.ask(new CloseRequested(HOME, "home-main", APRIL, 1, Collections.nCopies(12, 0L), 0));
            deciding.ask(new CloseReleased(HOME, "home-main", APRIL, 1));
            deciding.ask(new RevisionRequested(0, 2, "sha256:2"));
            deciding.send(event(HOME, 2, 7), START.plusMillis(18));
            log = deciding.acceptedRecords();
        }
        taking = ingest(after);
    }

    @AfterEach
    void stop() {
        taking.close();
    }

    private static TestingIngest ingest(Path state) {
        return new TestingIngest(
                state,
                revision(1, TOKENS),
                revision(2, TOKENS, meter("calls", "tokens.used").count()));
    }

    private void carryAll() {
        for (TestRecord<byte[], byte[]> record : log) {
            taking.carry(TopicCodecs.ACCEPTED.decode(record.value()), Instant.ofEpochMilli(record.timestamp()));
        }
    }

    private static TestingMessages event(String tenant, int id, int tokens) {
        return structured(
                "subject", "\"" + tenant + "\"", "id", "\"" + id + "\"", "data", "{\"tokens\":" + tokens + "}");
    }

    @Test
    void theLogStandsAsItStoodWithItsTimestamps() {
        carryAll();

        List<TestRecord<byte[], byte[]>> taken = taking.acceptedRecords();
        assertThat(taken).hasSameSizeAs(log);
        for (int i = 0; i < log.size(); i++) {
            assertThat(taken.get(i).key()).isEqualTo(log.get(i).key());
            assertThat(taken.get(i).value()).isEqualTo(log.get(i).value());
            assertThat(taken.get(i).timestamp()).isEqualTo(log.get(i).timestamp());
        }
        assertThat(taking.counts()).isEqualTo(Counts.NONE);
    }

    @Test
    void whatIsCarriedTwiceStandsOnce() {
        carryAll();
        carryAll();

        assertThat(taking.acceptedRecords()).hasSameSizeAs(log);
    }

    @Test
    void anIdentityStaysTakenAndTheSequenceGoesOn() {
        carryAll();
        List<AcceptedRecord> carried = taking.accepted();

        taking.send(event(HOME, 1, 5), START.plusMillis(20));
        taking.send(event(HOME, 1, 6), START.plusMillis(21));
        taking.send(event(HOME, 3, 9), START.plusMillis(22));

        assertThat(taking.counts().duplicates()).isEqualTo(1);
        assertThat(taking.rejected()).hasSize(1);
        List<AcceptedRecord> news = taking.accepted();
        assertThat(news).hasSize(1);
        long last = carried.stream()
                .filter(record -> record.tenant().equals(HOME))
                .mapToLong(AcceptedRecord::sequence)
                .max()
                .orElseThrow();
        assertThat(news.get(0)).isInstanceOfSatisfying(AcceptedEvent.class, event -> {
            assertThat(event.sequence()).isEqualTo(last + 1);
            assertThat(event.revision()).isEqualTo(2);
        });
    }

    @Test
    void aClosedPeriodStaysClosedAndARevisionInForce() {
        carryAll();
        assertThat(taking.accepted())
                .hasAtLeastOneElementOfType(PeriodClosed.class)
                .hasAtLeastOneElementOfType(RevisionInForce.class);

        taking.ask(new RevisionRequested(0, 2, "sha256:2"));
        taking.ask(new SubscriptionRequested(HOME, 1, "home-main", "{}"));
        taking.ask(new CloseRequested(HOME, "home-main", APRIL, 1, Collections.nCopies(12, 0L), 0));
        taking.ask(new CloseReleased(HOME, "home-main", APRIL, 1));

        assertThat(taking.accepted()).isEmpty();
    }

    @Test
    void aProducersOwnHeaderCarriesNothing() {
        carryAll();
        int carried = taking.accepted().size();
        AcceptedEvent forged = new AcceptedEvent(
                AWAY,
                0,
                1,
                new Place(0, 99),
                new Identity(1, 2),
                3,
                1,
                START.toEpochMilli(),
                START.toEpochMilli(),
                List.of());

        taking.sendWithHeadersOf(event(AWAY, 9, 1), CarriedRecord.of(TestingIngest.TOPICS, 0, forged, 0));

        assertThat(carried).isPositive();
        assertThat(taking.accepted())
                .hasSize(1)
                .allSatisfy(record ->
                        assertThat(((AcceptedEvent) record).contentHash()).isNotEqualTo(3));
    }

    @Test
    void whatCannotBeReadIsSkippedAndTheNextRecordTaken() {
        carryAll();
        List<AcceptedRecord> carried = taking.accepted();

        taking.carryUnreadable(carried.get(0));
        taking.send(event(HOME, 9, 1));

        assertThat(taking.accepted()).hasSize(1);
    }
}

package io.tallystick.ingest.stream;

import static io.tallystick.ingest.acceptance.TestingMeters.TOKENS;
import static io.tallystick.ingest.acceptance.TestingMeters.meter;
import static io.tallystick.ingest.acceptance.TestingMeters.revision;
import static io.tallystick.ingest.decode.TestingMessages.message;
import static io.tallystick.ingest.decode.TestingMessages.structured;
import static io.tallystick.ingest.stream.TestingIngest.AWAY;
import static io.tallystick.ingest.stream.TestingIngest.HOME;
import static io.tallystick.ingest.stream.TestingIngest.SECOND_HOME;
import static io.tallystick.ingest.stream.TestingIngest.START;
import static io.tallystick.ingest.stream.TestingIngest.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.decode.TestingMessages;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTopologyTest {

    private static final Path GOLDEN = Path.of("src/test/resources/io/tallystick/ingest/stream/topology.txt");
    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    @TempDir
    Path state;

    private TestingIngest ingest;

    @BeforeEach
    void start() {
        ingest = new TestingIngest(
                state,
                revision(1, TOKENS),
                revision(2, TOKENS, meter("calls", "tokens.used").count()),
                revision(
                        3,
                        TOKENS,
                        meter("calls", "tokens.used")
                                .from(START.plusSeconds(60).toString())
                                .count()));
        ingest.ask(new RevisionRequested(0, 1, "sha256:1"));
        assertThat(ingest.accepted()).containsExactly(new RevisionInForce(0, 1, 0, 1, "sha256:1"));
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    private static TestingMessages event(String tenant, int id, int tokens) {
        return structured(
                "subject", "\"" + tenant + "\"", "id", "\"" + id + "\"", "data", "{\"tokens\":" + tokens + "}");
    }

    @Test
    void theTopologyChangesOnlyOnPurpose() throws IOException {
        String description = IngestStage.topology(ingest.context()).describe().toString();

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(GOLDEN, description);
        }
        assertThat(description).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void anEventIsAcceptedUnderItsTenantWithItsPlaceAndTimes() {
        ingest.send(event(HOME, 1, 5), START.plusMillis(17));

        TestRecord<byte[], byte[]> record = ingest.acceptedRecords().get(0);
        AcceptedEvent accepted = (AcceptedEvent) TopicCodecs.ACCEPTED.decode(record.value());
        assertThat(record.key()).isEqualTo(HOME.getBytes(StandardCharsets.UTF_8));
        assertThat(record.timestamp()).isEqualTo(START.toEpochMilli() + 17);
        assertThat(accepted.tenant()).isEqualTo(HOME);
        assertThat(accepted.sequence()).isEqualTo(1);
        assertThat(accepted.place()).isEqualTo(new Place(0, 0));
        assertThat(accepted.revision()).isEqualTo(1);
        assertThat(accepted.recordTime()).isEqualTo(START.toEpochMilli() + 17);
        assertThat(accepted.readings()).hasSize(1);
        assertThat(ingest.rejected()).isEmpty();
    }

    @Test
    void aCommitWithoutNewsWritesNothing() {
        ingest.send(event(HOME, 1, 5));
        List<String> stores = List.of(IngestTopology.STORE, IngestTopology.IDENTITIES);
        assertThat(stores).allMatch(store -> ingest.changelogged(store) > 0);

        ingest.pass(Duration.ofSeconds(10));

        assertThat(stores).allMatch(store -> ingest.changelogged(store) == 0);
    }

    @Test
    void theSameAgainIsADuplicateAndOtherContentAConflict() {
        ingest.send(event(HOME, 1, 5));
        ingest.send(
                structured("subject", "\"" + HOME + "\"", "data", "{ \"tokens\" : \"5.00\", \"note\" : \"again\" }"));
        ingest.send(event(HOME, 1, 6));

        assertThat(ingest.accepted()).hasSize(1);
        TestRecord<byte[], byte[]> conflict = ingest.rejected().get(0);
        assertThat(header(conflict, "tallystick-reason")).isEqualTo("conflicting_duplicate");
        assertThat(header(conflict, "tallystick-detail")).contains("0@0").contains("0@2");
        assertThat(ingest.counts()).isEqualTo(new Counts(3, 1, 1, 1, 0, new Counts.Received(0, 0, 0, 0)));
    }

    @Test
    void aRetryIsADuplicateAlsoAfterANewMeterCame() {
        ingest.send(event(HOME, 1, 5));
        ingest.ask(new RevisionRequested(0, 2, "sha256:2"));
        ingest.send(event(HOME, 1, 5));
        ingest.send(event(HOME, 1, 6));

        assertThat(ingest.counts().duplicates()).isEqualTo(1);
        assertThat(ingest.counts().rejected()).isEqualTo(1);
    }

    @Test
    void aRetryWithoutTimeIsADuplicateAlsoAfterAMeterBecameEffective() {
        ingest.ask(new RevisionRequested(0, 3, "sha256:3"));
        ingest.send(event(HOME, 1, 5), START);
        ingest.send(event(HOME, 1, 5), START.plusSeconds(120));
        ingest.send(event(HOME, 1, 6), START.plusSeconds(120));

        assertThat(ingest.counts().duplicates()).isEqualTo(1);
        assertThat(ingest.counts().rejected()).isEqualTo(1);
    }

    @Test
    void aRejectedEventKeepsItsBytesAndHeadersAndSaysWhy() {
        ingest.send(message("not json").header("trace", "t-1"), START.plusSeconds(1));

        TestRecord<byte[], byte[]> dead = ingest.rejected().get(0);
        assertThat(dead.key()).isEqualTo("key".getBytes(StandardCharsets.UTF_8));
        assertThat(dead.value()).isEqualTo("not json".getBytes(StandardCharsets.UTF_8));
        assertThat(header(dead, "trace")).isEqualTo("t-1");
        assertThat(header(dead, "tallystick-reason")).isEqualTo("not_a_cloud_event");
        assertThat(header(dead, "tallystick-detail")).startsWith("not JSON");
        assertThat(header(dead, "tallystick-topic")).isEqualTo("usage.events");
        assertThat(header(dead, "tallystick-partition")).isEqualTo("0");
        assertThat(header(dead, "tallystick-offset")).isEqualTo("0");
        assertThat(header(dead, "tallystick-timestamp")).isEqualTo(Long.toString(START.toEpochMilli() + 1000));
        assertThat(header(dead, "tallystick-revision")).isEqualTo("1");
    }

    @Test
    void aTombstoneIsADeadLetterWithoutValue() {
        ingest.send(message((String) null));

        TestRecord<byte[], byte[]> dead = ingest.rejected().get(0);
        assertThat(dead.value()).isNull();
        assertThat(header(dead, "tallystick-reason")).isEqualTo("not_a_cloud_event");
    }

    @Test
    void anEventOverTheLimitIsKeptAsPlaceAndHash() {
        int whole = event(HOME, 1, 5).value().length;
        int padding = (1 << 20) - whole - ",\"pad\":\"\"".length();
        ingest.send(structured("subject", "\"" + HOME + "\"", "pad", "\"" + "x".repeat(padding) + "\""));
        ingest.send(
                structured("subject", "\"" + HOME + "\"", "id", "\"2\"", "pad", "\"" + "x".repeat(padding + 1) + "\""));
        ingest.send(event(HOME, 3, 5).header("big", "x".repeat(1 << 20)));

        assertThat(ingest.accepted()).hasSize(1);
        List<TestRecord<byte[], byte[]>> dead = ingest.rejected();
        assertThat(dead).hasSize(2).allSatisfy(record -> {
            assertThat(header(record, "tallystick-reason")).isEqualTo("too_large");
            assertThat(record.key()).isNull();
            assertThat(record.value()).isNull();
            assertThat(header(record, "big")).isNull();
            assertThat(header(record, "tallystick-sha256")).hasSize(64);
        });
        assertThat(header(dead.get(0), "tallystick-bytes")).isEqualTo(Integer.toString((1 << 20) + 1));
    }

    @Test
    void headersCountAlsoWhenTheyAreEmpty() {
        int rest = "key".length();
        int most = ((1 << 20) - rest) / Acceptance.HEADER_BYTES;
        TestingMessages within = event(HOME, 1, 5);
        TestingMessages beyond = event(HOME, 2, 5).header("", "");
        for (int i = 0; i < most; i++) {
            within.header("", "");
            beyond.header("", "");
        }
        ingest.send(within);
        ingest.send(beyond);

        assertThat(ingest.accepted()).hasSize(1);
        assertThat(header(ingest.rejected().get(0), "tallystick-reason")).isEqualTo("too_large");
    }

    @Test
    void aMisroutedEventIsForwardedAndDecidedWithItsFirstPlaceAndTime() {
        ingest.send(event(HOME, 1, 5));
        ingest.send(event(AWAY, 1, 5).header("tallystick-origin", "a producer's own"), START.plusMillis(500));
        ingest.send(event(AWAY, 1, 5), START.plusMillis(900));
        ingest.send(event(AWAY, 1, 6), START.plusMillis(901));

        AcceptedEvent accepted = (AcceptedEvent) ingest.accepted().get(1);
        assertThat(accepted.tenant()).isEqualTo(AWAY);
        assertThat(accepted.place()).isEqualTo(new Place(0, 1));
        assertThat(accepted.recordTime()).isEqualTo(START.toEpochMilli() + 500);
        TestRecord<byte[], byte[]> dead = ingest.rejected().get(0);
        assertThat(header(dead, "tallystick-origin")).isNull();
        assertThat(header(dead, "tallystick-offset")).isEqualTo("3");
        assertThat(header(dead, "tallystick-topic")).isEqualTo("usage.events");
        assertThat(header(dead, "tallystick-timestamp")).isEqualTo(Long.toString(START.toEpochMilli() + 901));
        assertThat(ingest.counts()).isEqualTo(new Counts(4, 1, 0, 0, 3, new Counts.Received(3, 1, 1, 1)));
    }

    @Test
    void sequencesHaveNoGapOverEventsAndControls() {
        ingest.send(event(HOME, 1, 5));
        ingest.ask(new SubscriptionRequested(HOME, 1, "main", "{}"));
        ingest.send(event(HOME, 1, 5));
        ingest.send(event(SECOND_HOME, 1, 5));
        ingest.send(event(HOME, 2, 5));
        ingest.ask(new InvoiceCommandRequested(HOME, "main-2026-03-01", InvoiceCommand.Action.FINALIZE, ""));
        ingest.send(event(HOME, 3, 5));

        assertThat(ingest.accepted())
                .extracting(record -> record.tenant() + " " + record.sequence() + " "
                        + record.getClass().getSimpleName())
                .containsExactly(
                        HOME + " 1 AcceptedEvent",
                        HOME + " 2 SubscriptionSet",
                        SECOND_HOME + " 1 AcceptedEvent",
                        HOME + " 3 AcceptedEvent",
                        HOME + " 4 InvoiceCommand",
                        HOME + " 5 AcceptedEvent");
    }

    @Test
    void aSequenceGoesOnBehindMoreTenantsThanTheHeapKeeps() {
        ingest.send(event(HOME, 1, 5));
        for (int i = 0; i < 4_000; i++) {
            ingest.send(event(HOME + "-" + "x".repeat(900) + i, 1, 5));
        }
        ingest.send(event(HOME, 2, 5));

        assertThat(ingest.accepted().stream().filter(record -> record.tenant().equals(HOME)))
                .extracting(AcceptedRecord::sequence)
                .containsExactly(1L, 2L);
    }

    @Test
    void aRevisionTakesForceOnceAndNeverGoesBack() {
        ingest.ask(new RevisionRequested(0, 2, "sha256:2"));
        ingest.ask(new RevisionRequested(0, 2, "sha256:2"));
        ingest.ask(new RevisionRequested(0, 1, "sha256:1"));

        assertThat(ingest.accepted()).containsExactly(new RevisionInForce(0, 2, 0, 2, "sha256:2"));
        assertThat(ingest.revisions.byPartition()).containsEntry(0, 2);
    }

    @Test
    void aSubscriptionIsSetOncePerRevisionAndBringsItsRevision() {
        ingest.ask(new SubscriptionRequested(HOME, 2, "main", "{\"a\":1}"));
        ingest.ask(new SubscriptionRequested(HOME, 2, "main", "{\"a\":1}"));
        ingest.ask(new SubscriptionRequested(HOME, 1, "main", "{}"));
        ingest.ask(new SubscriptionRequested(HOME, 2, "side", "{}"));

        assertThat(ingest.accepted())
                .containsExactly(
                        new RevisionInForce(0, 2, 0, 2, "sha256:2"),
                        new SubscriptionSet(HOME, 0, 1, 2, "main", "{\"a\":1}"),
                        new SubscriptionSet(HOME, 0, 2, 2, "side", "{}"));
    }

    @Test
    void aCloseIsWrittenOnceWhenItIsReleased() {
        CloseRequested close = new CloseRequested(HOME, "main", APRIL, 1, Collections.nCopies(12, 0L), 0);
        CloseReleased released = new CloseReleased(HOME, "main", APRIL, 1);

        ingest.ask(close);
        assertThat(ingest.pendingCloses.view())
                .as("of a subscription nobody set")
                .isEmpty();
        ingest.ask(new SubscriptionRequested(HOME, 1, "main", "{}"));
        ingest.ask(released);
        ingest.ask(close);
        ingest.ask(close);
        assertThat(ingest.pendingCloses.view()).hasSize(1);
        ingest.ask(released);
        ingest.ask(released);
        ingest.ask(close);

        assertThat(ingest.pendingCloses.view()).isEmpty();
        List<AcceptedRecord> written = ingest.accepted();
        assertThat(written).hasSize(2);
        assertThat(written.get(1)).isInstanceOfSatisfying(PeriodClosed.class, marker -> {
            assertThat(marker.sequence()).isEqualTo(2);
            assertThat(marker.period()).isEqualTo(APRIL);
            assertThat(marker.subscription()).isEqualTo("main");
        });
    }

    @Test
    void whatIsLateIsAskedForAgainAfterItsMarker() {
        CloseRequested adjust = new CloseRequested(HOME, "main", APRIL, 0, Collections.nCopies(12, 0L), 0);
        CloseReleased released = new CloseReleased(HOME, "main", APRIL, 0);
        ingest.ask(new SubscriptionRequested(HOME, 1, "main", "{}"));

        ingest.ask(adjust);
        ingest.ask(adjust);
        ingest.ask(released);
        ingest.ask(released);
        assertThat(ingest.accepted()).hasSize(2); // the subscription, and one marker

        ingest.ask(adjust);
        ingest.ask(released);
        assertThat(ingest.accepted()).hasSize(1);
        assertThat(ingest.pendingCloses.view()).isEmpty();
    }

    @Test
    void whatIsNoRequestIsPassedOver() {
        ingest.ask((byte[]) null);
        ingest.ask(new byte[0]);
        ingest.ask("garbage".getBytes(StandardCharsets.UTF_8));
        ingest.send(event(HOME, 1, 5));

        assertThat(ingest.accepted()).hasSize(1);
    }

    @Test
    void identitiesAreRememberedForHorizonAndSkewByRecordTime() {
        Duration memory = Duration.ofDays(35).plusHours(1);
        ingest.send(event(HOME, 1, 5), START);
        ingest.send(event(HOME, 1, 5), START.plus(Duration.ofDays(34)));
        ingest.send(event(HOME, 1, 5), START.plus(memory));
        assertThat(ingest.counts().duplicates()).isEqualTo(2);

        ingest.send(event(HOME, 1, 5), START.plus(memory).plusMillis(1));
        assertThat(ingest.accepted()).hasSize(2);

        TestingMessages dated =
                structured("subject", "\"" + HOME + "\"", "id", "\"9\"", "time", "\"2026-06-01T01:00:00Z\"");
        Instant arrival = Instant.parse("2026-06-01T00:00:00Z");
        ingest.send(dated, arrival);
        ingest.send(dated, arrival.plus(Duration.ofDays(35)).plus(Duration.ofMinutes(30)));
        assertThat(ingest.counts().duplicates()).isEqualTo(3);
        ingest.send(dated, arrival.plus(Duration.ofDays(36)));
        assertThat(header(ingest.rejected().get(0), "tallystick-reason")).isEqualTo("too_old");
    }

    @Test
    void anEventIsADuplicateForAsLongAsItsTimeIsTakenAndNeverCountsAgain() {
        Duration horizon = Duration.ofDays(35);
        Duration skew = Duration.ofHours(1);
        TestingMessages now = structured("subject", "\"" + HOME + "\"", "id", "\"now\"", "time", "\"" + START + "\"");
        TestingMessages ahead =
                structured("subject", "\"" + HOME + "\"", "id", "\"ahead\"", "time", "\"" + START.plus(skew) + "\"");
        ingest.send(now, START);
        ingest.send(ahead, START);
        assertThat(ingest.accepted()).hasSize(2);

        ingest.send(now, START.plus(Duration.ofDays(34)));
        ingest.send(now, START.plus(horizon));
        ingest.send(ahead, START.plus(horizon).plus(Duration.ofMinutes(30)));
        ingest.send(ahead, START.plus(horizon).plus(skew));
        assertThat(ingest.counts().duplicates()).isEqualTo(4);

        ingest.send(now, START.plus(horizon).plus(skew)); // one hour more than its time allows
        ingest.send(ahead, START.plus(horizon).plus(skew).plusMillis(1));
        ingest.send(now, START.plus(Duration.ofDays(36)));
        assertThat(ingest.counts().duplicates()).isEqualTo(4);
        assertThat(ingest.accepted()).isEmpty();
        assertThat(ingest.rejected())
                .hasSize(3)
                .allSatisfy(
                        dead -> assertThat(header(dead, "tallystick-reason")).isEqualTo("too_old"));
    }

    @Test
    void aTimeOneMillisecondPastTheHorizonOrTheSkewIsRefused() {
        ingest.send(
                structured(
                        "subject",
                        "\"" + HOME + "\"",
                        "id",
                        "\"1\"",
                        "time",
                        "\"" + START.minus(Duration.ofDays(35)) + "\""),
                START);
        ingest.send(
                structured(
                        "subject",
                        "\"" + HOME + "\"",
                        "id",
                        "\"2\"",
                        "time",
                        "\"" + START.minus(Duration.ofDays(35)).minusMillis(1) + "\""),
                START);
        ingest.send(
                structured(
                        "subject",
                        "\"" + HOME + "\"",
                        "id",
                        "\"3\"",
                        "time",
                        "\"" + START.plus(Duration.ofHours(1)) + "\""),
                START);
        ingest.send(
                structured(
                        "subject",
                        "\"" + HOME + "\"",
                        "id",
                        "\"4\"",
                        "time",
                        "\"" + START.plus(Duration.ofHours(1)).plusMillis(1) + "\""),
                START);

        assertThat(ingest.accepted()).hasSize(2);
        assertThat(ingest.rejected().stream().map(dead -> header(dead, "tallystick-reason")))
                .containsExactly("too_old", "in_the_future");
    }

    @Test
    void aRecordFarBehindTheNewestOfItsPartitionIsTooOld() {
        ingest.send(event(HOME, 1, 5), START.plus(Duration.ofDays(35)));
        ingest.send(event(HOME, 2, 5), START);
        ingest.send(event(HOME, 3, 5), START.minusMillis(1));

        assertThat(ingest.accepted()).hasSize(2);
        assertThat(header(ingest.rejected().get(0), "tallystick-reason")).isEqualTo("too_old");
    }

    @Test
    void whatIsForgottenComesAsNewWhatIsNotAsADuplicate() {
        for (int i = 0; i < 400; i++) {
            ingest.send(event(HOME, i, 5), START.plus(Duration.ofDays(i < 200 ? 0 : 90)));
        }
        ingest.send(event(HOME, 1000, 5), START.plus(Duration.ofDays(120)));
        ingest.send(event(HOME, 0, 5), START.plus(Duration.ofDays(120)));
        ingest.send(event(HOME, 399, 5), START.plus(Duration.ofDays(120)));

        assertThat(ingest.counts()).isEqualTo(new Counts(403, 402, 1, 0, 0, new Counts.Received(0, 0, 0, 0)));
    }

    @Test
    void theAccountingAddsUpWhateverComes() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String tenant = TestingIngest.tenant(random.nextInt(4));
            switch (random.nextInt(10)) {
                case 0 -> ingest.send(message("garbage"));
                case 1 -> ingest.send(event(tenant, random.nextInt(100), 6));
                default -> ingest.send(event(tenant, random.nextInt(100), 5));
            }
        }

        Counts counts = ingest.counts();
        assertThat(counts.read()).isEqualTo(2_000);
        assertThat(counts.read())
                .isEqualTo(counts.accepted() + counts.duplicates() + counts.rejected() + counts.forwarded());
        assertThat(counts.received().read()).isEqualTo(counts.forwarded());
        assertThat(counts.received().read())
                .isEqualTo(counts.received().accepted()
                        + counts.received().duplicates()
                        + counts.received().rejected());
        assertThat(ingest.accepted())
                .hasSize((int) (counts.accepted() + counts.received().accepted()));
        assertThat(ingest.rejected())
                .hasSize((int) (counts.rejected() + counts.received().rejected()));
    }

    @Test
    void missedReadingsAreWrittenOnceAsNewFactsOfTheirTenants() {
        ingest.send(event(HOME, 1, 5));
        ingest.accepted();
        Reading reading = new Reading("calls", Dimensions.NONE, null, null);
        long time = START.toEpochMilli();
        ReadingsBackfilled request = new ReadingsBackfilled(
                0,
                "calls",
                2,
                2,
                0,
                Long.MAX_VALUE,
                0,
                2,
                true,
                List.of(new MissedReading(1, HOME, 1, new Place(0, 0), time, reading)));

        ingest.ask(request);
        ingest.ask(request);

        assertThat(ingest.accepted())
                .containsExactly(new ReadingBackfilled(HOME, 0, 2, 1, new Place(0, 0), 2, time, reading));
    }

    @Test
    void anEventIsVoidedOnceAndItsIdentityStaysTaken() {
        ingest.send(event(HOME, 1, 5));
        AcceptedEvent event = (AcceptedEvent) ingest.accepted().get(0);

        ingest.ask(voiding(event, 1));
        ingest.ask(voiding(event, 2));
        ingest.send(event(HOME, 1, 5));

        assertThat(ingest.accepted())
                .containsExactly(new EventVoided(
                        HOME,
                        0,
                        2,
                        1,
                        event.place(),
                        event.identity(),
                        1,
                        event.time(),
                        event.readings(),
                        "sent twice",
                        START.toEpochMilli()));
        assertThat(ingest.counts().duplicates()).isEqualTo(1);
    }

    @Test
    void aVoidTakesBackWhatWasFilledInAndNothingIsFilledInBehindIt() {
        ingest.send(event(HOME, 1, 5));
        ingest.send(event(HOME, 2, 5));
        List<AcceptedRecord> events = ingest.accepted();
        AcceptedEvent first = (AcceptedEvent) events.get(0);
        AcceptedEvent second = (AcceptedEvent) events.get(1);

        ingest.ask(voiding(second, 2));
        ingest.ask(filling(first, second));
        ingest.ask(voiding(first, 3));
        List<AcceptedRecord> written = ingest.accepted();
        ingest.ask(voiding(first, 4));

        assertThat(written).hasSize(2);
        assertThat(written.get(0)).isInstanceOf(EventVoided.class);
        assertThat(((ReadingBackfilled) written.get(1)).event()).isEqualTo(first.sequence());
        assertThat(ingest.accepted())
                .as("asked again with what was filled in")
                .singleElement()
                .isInstanceOf(EventVoided.class);
    }

    private static EventVoidRequested voiding(AcceptedEvent event, long seen) {
        return new EventVoidRequested(
                event.tenant(),
                event.sequence(),
                event.place(),
                event.identity(),
                event.revision(),
                event.time(),
                event.readings(),
                seen,
                "sent twice",
                START.toEpochMilli());
    }

    private static ReadingsBackfilled filling(AcceptedEvent... events) {
        List<MissedReading> readings = new ArrayList<>();
        for (AcceptedEvent event : events) {
            readings.add(new MissedReading(
                    event.sequence(),
                    HOME,
                    event.sequence(),
                    event.place(),
                    event.time(),
                    new Reading("calls", Dimensions.NONE, null, null)));
        }
        return new ReadingsBackfilled(0, "calls", 2, 2, 0, Long.MAX_VALUE, 0, 3, true, readings);
    }
}
